import type { Secret } from './secrets.ts';

interface Form {
  readonly secret: Secret;
  readonly bytes: Buffer;
}

/** Looks for all forms of all secrets in one pass: a profile has many megabytes, and the forms are hundreds. */
export class SecretFinder {
  /** By their first two bytes. */
  readonly #forms: Form[][] = [];

  constructor(secrets: readonly Secret[]) {
    for (const secret of secrets) {
      for (const bytes of secret.forms) (this.#forms[bytes.readUInt16BE()] ??= []).push({ secret, bytes });
    }
  }

  /** Names of what is in any of the views. */
  find(views: readonly Buffer[]): ReadonlySet<string> {
    const found = new Set<string>();
    for (const view of views) this.#findIn(view, found);
    return found;
  }

  #findIn(bytes: Buffer, found: Set<string>): void {
    for (let at = 0, pair = 0; at < bytes.length; at += 1) {
      pair = ((pair << 8) | (bytes[at] ?? 0)) & 0xffff;
      const forms = this.#forms[pair];
      if (at === 0 || forms === undefined) continue;
      for (const form of forms) if (isAt(bytes, at - 1, form.bytes)) found.add(form.secret.name);
    }
  }
}

function isAt(bytes: Buffer, at: number, form: Buffer): boolean {
  return at + form.length <= bytes.length && bytes.compare(form, 0, form.length, at, at + form.length) === 0;
}
