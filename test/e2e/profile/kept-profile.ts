/** A browser with a profile of its own on the disk, as people have one. */
import { chromium, type BrowserContext } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumArguments, chromiumPath } from '../../harness/chromium.ts';
import { positionsOf, recordsOf, searchProfile } from '../../harness/profile-search/search-profile.ts';
import { bytesSecret, type Secret } from '../../harness/profile-search/secrets.ts';

/** Before each AES key that Chromium stores (V8ScriptValueSerializerForModules::WriteCryptoKey): its kind. */
const aesMark = Buffer.from('4b01', 'hex');
/** Algorithm, size of the key in bytes, uses, size again; uses take one byte or two. */
const keyOffsets = [6, 7];
const keyBytes = 32;

export class KeptProfile {
  readonly folder: string;
  readonly context: BrowserContext;

  private constructor(folder: string, context: BrowserContext) {
    this.folder = folder;
    this.context = context;
  }

  static async open(): Promise<KeptProfile> {
    const folder = await mkdtemp(join(tmpdir(), 'landbote-profile-'));
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: await chromiumPath(),
      args: chromiumArguments,
      locale: 'de-DE',
    });
    return new KeptProfile(folder, context);
  }

  /** What of the secrets lies in which files now. */
  found(secrets: readonly Secret[]): Promise<readonly string[]> {
    return searchProfile(this.folder, secrets);
  }

  /** The AES keys that pages have stored: not to be had by a script, but by whoever copies the files. */
  async storedKeys(): Promise<readonly Secret[]> {
    const records = await recordsOf(join(this.folder, 'Default', 'IndexedDB'));
    return records.flatMap(keysIn).map((key) => bytesSecret('key of the store', key));
  }

  /** Closes the browser; then everything that it was going to write is written. */
  close(): Promise<void> {
    return this.context.close();
  }

  async delete(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true });
  }
}

function keysIn(record: Buffer): Buffer[] {
  return positionsOf(record, aesMark).flatMap((at) => {
    const offset = keyOffsets.find((offset) => record[at + 3] === keyBytes && record[at + offset - 1] === keyBytes);
    return offset === undefined ? [] : record.subarray(at + offset, at + offset + keyBytes);
  });
}
