import { formatMxc, type Mxc } from '../matrix/mxc.ts';
import type { EncryptedFileInfo } from '../encryption/encryption.ts';

/** Everything that is needed to fetch and read one picture or file. */
export interface MediaReference {
  readonly mxc: Mxc;
  /** Null: not encrypted. */
  readonly encryption: EncryptedFileInfo | null;
  readonly name: string;
}

/** Remembers what the addresses that pages know stand for; keys never leave the engine. */
export interface MediaSources {
  /** Names the reference. The same one always gets the same name. */
  nameOf(reference: MediaReference): string;
  find(source: string): MediaReference | null;
  /** Waits for the name: a page paints its last state before the engine has read that message again. */
  wait(source: string, signal: AbortSignal): Promise<MediaReference | null>;
}

export function mediaSources(): MediaSources {
  const references = new Map<string, MediaReference>();
  const added = new EventTarget();

  function nameOf(reference: MediaReference): string {
    for (let number = 1; ; number++) {
      const source = sourceName(reference.mxc, number);
      const known = references.get(source);
      if (known && !isSame(known, reference)) continue;
      references.set(source, reference);
      if (!known) added.dispatchEvent(new Event(source));
      return source;
    }
  }

  return {
    nameOf,
    find: (source) => references.get(source) ?? null,
    async wait(source, signal) {
      if (!references.has(source) && !signal.aborted) await eventOrEnd(added, source, signal);
      return references.get(source) ?? null;
    },
  };
}

/** Numbered, so that a message naming another one's file with a wrong key spoils only itself. */
function sourceName(mxc: Mxc, number: number): string {
  const name = `${mxc.serverName}/${mxc.mediaId}`;
  return number === 1 ? name : `${name}/${number}`;
}

function isSame(one: MediaReference, other: MediaReference): boolean {
  return formatMxc(one.mxc) === formatMxc(other.mxc) && keyOf(one) === keyOf(other);
}

function keyOf({ encryption }: MediaReference): string {
  return encryption === null
    ? ''
    : JSON.stringify([encryption.v, encryption.key['k'], encryption.iv, encryption.hashes['sha256']]);
}

/** Settles with the event, or without it when the signal ends the waiting. */
function eventOrEnd(target: EventTarget, type: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    target.addEventListener(type, () => resolve(), { once: true, signal });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
