import limit from 'p-limit';
import { HomeserverError, UnreachableError } from '../matrix/homeserver-api.ts';
import { formatMxc, type Mxc } from '../matrix/mxc.ts';
import type { Media } from '../../service-worker/media-channel.ts';
import type { CipherCache } from './cipher-cache.ts';
import type { MediaApi } from './media-api.ts';
import type { MediaReference } from './media-sources.ts';
import { pictureTypeOf } from './picture-type.ts';
import type { AttachmentEncryption } from './upload-attachment.ts';

export interface LoadDependencies {
  readonly api: MediaApi;
  readonly cache: CipherCache;
  readonly encryption: () => Promise<AttachmentEncryption>;
}

/** There is nothing to show: deleted, refused, or not what the sender encrypted. */
export class MediaGoneError extends Error {}

/** Browsers open six connections to a server; messages need theirs. */
const downloadsMax = 3;

/** @returns a function that throws MediaGoneError, and UnreachableError where trying again later can succeed. */
export function mediaLoader(dependencies: LoadDependencies): (reference: MediaReference) => Promise<Media> {
  const downloads = limit(downloadsMax);
  const download = shared((mxc) => downloads(() => dependencies.api.download(mxc)).catch(gone));
  const find = shared(async (mxc) => {
    const cached = await dependencies.cache.get(mxc);
    return { isCached: cached !== null, cipher: cached ?? (await download(mxc)) };
  });
  return async (reference) => {
    const bytes = await bytesOf(reference, dependencies, { download, find });
    const type = pictureTypeOf(bytes);
    const mimeType = type ?? 'application/octet-stream';
    return { mimeType, isPicture: type !== null, name: reference.name, bytes };
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

interface Sources {
  readonly download: (mxc: Mxc) => Promise<Bytes>;
  /** On the device, else at the homeserver. */
  readonly find: (mxc: Mxc) => Promise<{ readonly isCached: boolean; readonly cipher: Bytes }>;
}

async function bytesOf(
  { mxc, encryption }: MediaReference,
  { cache, encryption: load }: LoadDependencies,
  { download, find }: Sources,
): Promise<Bytes> {
  // Never cached: only ciphertext lies on the disk.
  if (!encryption) return download(mxc);
  const { decryptAttachment } = await load();
  const decrypt = (cipher: Uint8Array): Bytes => decryptAttachment(cipher, encryption);
  const found = await find(mxc);
  if (found.isCached) {
    try {
      return decrypt(found.cipher);
    } catch {
      // Damaged on the disk, or another message names it with a wrong key: the server's copy decides.
      await cache.delete(mxc);
    }
  }
  const cipher = found.isCached ? await download(mxc) : found.cipher;
  const plain = decryptOrGone(decrypt, cipher);
  await cache.put(mxc, cipher);
  return plain;
}

function decryptOrGone<T>(decrypt: (cipher: Uint8Array) => T, cipher: Uint8Array): T {
  try {
    return decrypt(cipher);
  } catch (cause) {
    throw new MediaGoneError('not what the sender encrypted', { cause });
  }
}

/** A picture that several messages show is looked for and fetched once. */
function shared<T>(work: (mxc: Mxc) => Promise<T>): (mxc: Mxc) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (mxc) => {
    const key = formatMxc(mxc);
    const result = running.get(key) ?? work(mxc).finally(() => running.delete(key));
    running.set(key, result);
    return result;
  };
}

/** A busy server may give it later, one that refuses won't. */
function gone(error: unknown): never {
  const isPassing = error instanceof HomeserverError && (error.status === 429 || error.status >= 500);
  if (error instanceof UnreachableError || isPassing) throw new UnreachableError('not now', { cause: error });
  throw new MediaGoneError('the homeserver gives no such file', { cause: error });
}
