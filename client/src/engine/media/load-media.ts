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
  const download = sharedDownloads(dependencies.api);
  return async (reference) => {
    const bytes = await bytesOf(reference, dependencies, download);
    const type = pictureTypeOf(bytes);
    const mimeType = type ?? 'application/octet-stream';
    return { mimeType, isPicture: type !== null, name: reference.name, bytes };
  };
}

type Download = (mxc: Mxc) => Promise<Uint8Array<ArrayBuffer>>;

async function bytesOf(
  { mxc, encryption }: MediaReference,
  dependencies: LoadDependencies,
  download: Download,
): Promise<Uint8Array<ArrayBuffer>> {
  // Never cached: only ciphertext lies on the disk.
  if (!encryption) return download(mxc).catch(gone);
  const { decryptAttachment } = await dependencies.encryption();
  const decrypt = (cipher: Uint8Array): Uint8Array<ArrayBuffer> => decryptAttachment(cipher, encryption);
  const cached = await dependencies.cache.get(mxc);
  if (cached) {
    try {
      return decrypt(cached);
    } catch {
      // Damaged on the disk, or another message names it with a wrong key: the server's copy decides.
      await dependencies.cache.delete(mxc);
    }
  }
  const cipher = await download(mxc).catch(gone);
  const plain = decryptOrGone(decrypt, cipher);
  await dependencies.cache.put(mxc, cipher);
  return plain;
}

function decryptOrGone<T>(decrypt: (cipher: Uint8Array) => T, cipher: Uint8Array): T {
  try {
    return decrypt(cipher);
  } catch (cause) {
    throw new MediaGoneError('not what the sender encrypted', { cause });
  }
}

/** A picture that several messages show is fetched once. */
function sharedDownloads(api: MediaApi): Download {
  const running = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const limited = limit(downloadsMax);
  return (mxc) => {
    const key = formatMxc(mxc);
    const download = running.get(key) ?? limited(() => api.download(mxc)).finally(() => running.delete(key));
    running.set(key, download);
    return download;
  };
}

/** A busy server may give it later, one that refuses won't. */
function gone(error: unknown): never {
  const isPassing = error instanceof HomeserverError && (error.status === 429 || error.status >= 500);
  if (error instanceof UnreachableError || isPassing) throw new UnreachableError('not now', { cause: error });
  throw new MediaGoneError('the homeserver gives no such file', { cause: error });
}
