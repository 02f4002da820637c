import { UnreachableError } from '../matrix/homeserver-api.ts';
import { failureOf, parseJson } from './failed-response.ts';
import { stallGuard, type StallGuard } from './stall-guard.ts';

export interface UploadOptions {
  /** Called with the bytes that have left so far. */
  readonly onProgress: (sentBytes: number) => void;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

type Post = (address: URL, headers: Headers, bytes: Uint8Array<ArrayBuffer>, progress: Progress) => Promise<Answer>;

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
  using guard = stallGuard(signal);
  const headers = new Headers({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream' });
  const post = typeof XMLHttpRequest === 'undefined' ? postByFetch : postByRequest;
  const answer = await post(address, headers, bytes, progressOf(guard, onProgress)).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new UnreachableError('the upload broke off', { cause });
  });
  if (answer.status !== 200) throw failureOf(answer.status, answer.text);
  return parseJson(answer.text);
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
    request.addEventListener('load', () => resolve({ status: request.status, text: request.responseText }));
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
  return { status: response.status, text: await response.text() };
};
