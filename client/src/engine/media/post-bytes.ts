import { HomeserverError, UnreachableError } from '../matrix/homeserver-api.ts';
import { errorOf } from '../matrix/send-request.ts';
import { guarded, type StallGuard } from './stall-guard.ts';

export interface UploadOptions {
  /** Called with the bytes that have left so far. */
  readonly onProgress: (sentBytes: number) => void;
  readonly signal: AbortSignal;
}

type Post = (address: URL, headers: Headers, bytes: Uint8Array<ArrayBuffer>, progress: Progress) => Promise<Response>;

interface Progress {
  readonly signal: AbortSignal;
  readonly sent: (bytes: number) => void;
}

/** @returns the parsed JSON body of a successful answer, unchecked. */
export async function postBytes(
  address: URL,
  token: string,
  bytes: Uint8Array<ArrayBuffer>,
  { onProgress, signal }: UploadOptions,
): Promise<unknown> {
  signal.throwIfAborted();
  const headers = new Headers({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream' });
  const post = typeof XMLHttpRequest === 'undefined' ? postByFetch : postByRequest;
  const transfer = (guard: StallGuard): Promise<Response> =>
    post(address, headers, bytes, progressOf(guard, onProgress));
  const answer = await guarded(transfer, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new UnreachableError('the upload broke off', { cause });
  });
  // A proxy in between that has a limit of its own says so without a Matrix error.
  if (answer.status === 413) throw new HomeserverError(413, 'M_TOO_LARGE', null, false);
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw errorOf(answer, body);
  return body;
}

function progressOf(guard: StallGuard, onProgress: UploadOptions['onProgress']): Progress {
  return {
    signal: guard.signal,
    sent(bytes) {
      guard.proceed();
      onProgress(bytes);
    },
  };
}

/** Browsers tell the progress of an upload only here. */
const postByRequest: Post = (address, headers, bytes, { signal, sent }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (): void => reject(new TypeError('no answer'));
    request.upload.addEventListener('progress', ({ loaded }) => sent(loaded));
    request.addEventListener('load', () => resolve(new Response(request.response, { status: request.status })));
    request.responseType = 'arraybuffer';
    request.addEventListener('error', fail);
    request.addEventListener('abort', fail);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.open('POST', address);
    headers.forEach((value, name) => request.setRequestHeader(name, value));
    request.send(bytes);
  });

const postByFetch: Post = async (address, headers, bytes, { signal, sent }) => {
  const response = await fetch(address, { method: 'POST', headers, body: bytes, signal, redirect: 'error' });
  sent(bytes.length);
  return response;
};
