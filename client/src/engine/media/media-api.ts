/** The homeserver's content repository. What goes there is ciphertext, and what comes from there mostly is. */
import { z } from 'zod';
import { HomeserverError, UnreachableError, type HomeserverApi } from '../matrix/homeserver-api.ts';
import { errorOf } from '../matrix/send-request.ts';
import type { Tokens } from '../session/tokens.ts';
import { downloadPath, parseMxc, type Mxc } from '../matrix/mxc.ts';
import { postBytes, type UploadOptions } from './post-bytes.ts';
import { readBytes } from './read-bytes.ts';
import { guarded, type StallGuard } from './stall-guard.ts';

/** Authorises requests whose bodies are no JSON. */
export interface MediaAccess {
  readonly homeserverUrl: string;
  readonly tokens: Tokens;
}

/** Throws `HomeserverError` and `UnreachableError` as `HomeserverApi` does, and the signal's reason when cancelled. */
export interface MediaApi {
  download(mxc: Mxc): Promise<Uint8Array<ArrayBuffer>>;
  upload(bytes: Uint8Array<ArrayBuffer>, options: UploadOptions): Promise<Mxc>;
  /** Largest upload in bytes that the server takes; infinite where it doesn't say. */
  uploadBytesMax(): Promise<number>;
}

/** More than this of one file is not held in memory, whatever a server sends. */
const downloadBytesMax = 200 * 2 ** 20;
const configSchema = z.object({ 'm.upload.size': z.int().positive().optional() });
const uploadedSchema = z.object({ content_uri: z.string() });

export function mediaApi(access: MediaAccess, homeserver: HomeserverApi): MediaApi {
  let bytesMax: number | null = null;
  return {
    download: (mxc) =>
      withToken(access, (token) => guarded((guard) => download(addressOf(access, downloadPath(mxc)), token, guard))),
    async upload(bytes, options) {
      const address = addressOf(access, '/_matrix/media/v3/upload');
      const answer = await withToken(access, (token) => postBytes(address, token, bytes, options));
      const uploaded = uploadedSchema.safeParse(answer);
      const mxc = uploaded.success ? parseMxc(uploaded.data.content_uri) : null;
      if (!mxc) throw new UnreachableError('the answer to the upload names no content');
      return mxc;
    },
    async uploadBytesMax() {
      bytesMax ??= await readBytesMax(homeserver);
      return bytesMax;
    },
  };
}

/** Throws rather than letting a token go anywhere but to the homeserver itself. */
function addressOf(access: MediaAccess, path: string): URL {
  const base = new URL(access.homeserverUrl);
  const address = new URL(path, base.origin);
  if (address.origin !== base.origin || address.pathname !== path) throw new TypeError(`not a media address: ${path}`);
  return address;
}

/** Once more with a new token if the one at hand has run out. */
async function withToken<T>({ tokens }: MediaAccess, attempt: (token: string) => Promise<T>): Promise<T> {
  const token = tokens.current;
  try {
    return await attempt(token);
  } catch (error) {
    const hasRunOut = error instanceof HomeserverError && error.errcode === 'M_UNKNOWN_TOKEN';
    if (!hasRunOut || !(await tokens.renew(token))) throw error;
    return attempt(tokens.current);
  }
}

async function download(
  address: URL,
  token: string,
  { signal, proceed }: StallGuard,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address, {
    headers: { Authorization: `Bearer ${token}` },
    // The header would travel along.
    redirect: 'error',
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    signal,
  }).catch(unreachable);
  if (!response.ok) throw errorOf(response, await response.json().catch(() => undefined));
  return readBytes(response, downloadBytesMax, proceed).catch(unreachable);
}

function unreachable(cause: unknown): never {
  if (cause instanceof RangeError) throw cause;
  throw new UnreachableError('the homeserver gave no file', { cause });
}

async function readBytesMax(homeserver: HomeserverApi): Promise<number> {
  const config = configSchema.safeParse(await homeserver.request('GET', '/_matrix/client/v1/media/config'));
  return (config.success ? config.data['m.upload.size'] : undefined) ?? Infinity;
}
