/** The media part of the engine by itself. */
import '../../../../client/src/platform/no-code-from-text.ts';
import { Attachment, EncryptedAttachment, initAsync } from '@matrix-org/matrix-sdk-crypto-wasm';
import { sendRequest } from '../../../../client/src/engine/matrix/send-request.ts';
import { attachmentOf } from '../../../../client/src/engine/media/attachment-content.ts';
import { startMedia, type SessionMedia } from '../../../../client/src/engine/media/media.ts';
import type { AttachmentEncryption } from '../../../../client/src/engine/media/upload-attachment.ts';
import type { Answer, Command, Outcome } from './commands.ts';

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

function answer(message: Answer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no target origin
  globalThis.postMessage(message);
}

globalThis.addEventListener('message', ({ data }: MessageEvent<{ id: string; command: Command }>) => {
  void carryOut(data.command)
    .catch((error: unknown): Outcome => ({
      ...nothing,
      problem: error instanceof Error ? error.message : String(error),
    }))
    .then((outcome) => answer({ id: data.id, outcome }));
});
