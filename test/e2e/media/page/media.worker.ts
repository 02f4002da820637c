/** The media part of the engine by itself. */
import '../../../../client/src/platform/no-code-from-text.ts';
import { Attachment, EncryptedAttachment, initAsync } from '@matrix-org/matrix-sdk-crypto-wasm';
import { sendRequest } from '../../../../client/src/engine/matrix/send-request.ts';
import { attachmentOf } from '../../../../client/src/engine/media/attachment-content.ts';
import { startMedia, type SessionMedia } from '../../../../client/src/engine/media/media.ts';
import type { AttachmentEncryption } from '../../../../client/src/engine/media/upload-attachment.ts';
import { portChannel, type Channel } from '../../../../client/src/engine/worker/messages.ts';
import type { Answer, Command, Order, Outcome } from './commands.ts';

const nothing: Outcome = { problem: null, content: null, name: null, source: null, thumbnail: null, progress: [] };
let media: SessionMedia | null = null;

const encryption: AttachmentEncryption = {
  encryptAttachment(plain) {
    const encrypted = Attachment.encrypt(plain);
    const cipher = new Uint8Array(encrypted.encryptedData);
    return { cipher, info: JSON.parse(encrypted.mediaEncryptionInfo ?? '') };
  },
  decryptAttachment: (cipher, info) =>
    new Uint8Array(Attachment.decrypt(new EncryptedAttachment(cipher, JSON.stringify(info)))),
};

function start(command: Extract<Command, { type: 'start' }>): void {
  const { homeserverUrl, accessToken, isSharedComputer } = command;
  media?.stop();
  media = startMedia({
    access: { homeserverUrl, tokens: { current: accessToken, renew: () => Promise.resolve(false) } },
    homeserver: { request: (method, path, options) => sendRequest(homeserverUrl, accessToken, method, path, options) },
    encryption: () => initAsync().then(() => encryption),
    isSharedComputer,
  });
}

async function upload(file: Blob, name: string, cancelsOnceBegun: boolean): Promise<Outcome> {
  const progress: [number, number][] = [];
  const cancel = new AbortController();
  const content = await running().uploadAttachment(
    { file, name },
    {
      signal: cancel.signal,
      onProgress(sentBytes, totalBytes) {
        progress.push([sentBytes, totalBytes]);
        if (cancelsOnceBegun && sentBytes > 0) cancel.abort();
      },
    },
  );
  return { ...nothing, content, progress };
}

async function carryOut(command: Command): Promise<Outcome> {
  switch (command.type) {
    case 'start':
      start(command);
      return nothing;
    case 'upload':
      return upload(new Blob([Uint8Array.from(command.bytes)], { type: command.mimeType }), command.name, false);
    case 'upload and cancel':
      return upload(new Blob([Uint8Array.from(command.bytes)]), 'abgebrochen.bin', true);
    case 'receive': {
      const attachment = attachmentOf(command.content, running().nameOf)?.attachment;
      return attachment ? { ...nothing, ...attachment } : nothing;
    }
  }
}

function running(): SessionMedia {
  if (!media) throw new Error('not started');
  return media;
}

function serve(page: Channel<Order, Answer>): void {
  page.listen(({ id, command }) => {
    void carryOut(command)
      .catch((error: unknown): Outcome => ({ ...nothing, problem: String(error) }))
      .then((outcome) => page.post({ id, outcome }));
  });
}

if ('SharedWorkerGlobalScope' in globalThis) {
  globalThis.addEventListener('connect', (event) => {
    const port = event instanceof MessageEvent ? event.ports[0] : undefined;
    if (port) serve(portChannel(port));
  });
} else {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a dedicated worker's scope has the port's methods
  serve(portChannel(globalThis as unknown as MessagePort));
}
