/** The queue and the upload together, against a server that cuts the connection. */
import { Attachment, EncryptedAttachment, initAsync } from '@matrix-org/matrix-sdk-crypto-wasm';
import type { Server } from 'node:http';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Encryption } from '../../../client/src/engine/encryption/encryption.ts';
import { startMedia, type SessionMedia } from '../../../client/src/engine/media/media.ts';
import { sendRequest } from '../../../client/src/engine/matrix/send-request.ts';
import { Outbox } from '../../../client/src/engine/sending/outbox.ts';
import { uploadFile } from '../../../client/src/engine/sending/upload-file.ts';
import { memoryStorage } from '../../../client/src/engine/storage/memory-storage.ts';
import type { Storage } from '../../../client/src/engine/storage/storage.ts';
import { CuttingHomeserver, type Cut } from './cutting-homeserver.ts';

const roomId = '!lage';
const itemId = 'foto';
const file = Uint8Array.from({ length: 400_000 }, (_, index) => index % 251);

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- outbox and media use nothing else of it
const encryption: Encryption = {
  encrypt: async (_room: unknown, type: string, content: object) => ({ type, content }),
  encryptAttachment(plain: Uint8Array) {
    const encrypted = Attachment.encrypt(plain);
    return {
      cipher: new Uint8Array(encrypted.encryptedData),
      info: JSON.parse(encrypted.mediaEncryptionInfo ?? '') as unknown,
    };
  },
} as unknown as Encryption;

const running: { server: Server; media: SessionMedia[]; outboxes: Outbox[] }[] = [];

/** Outbox and media of one start of the engine. */
function engine(homeserverUrl: string, storage: Storage, ends: (typeof running)[number]): Outbox {
  const request = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, options?: object): Promise<unknown> =>
    sendRequest(homeserverUrl, 'token', method, path, options);
  const media = startMedia({
    access: { homeserverUrl, tokens: { current: 'token', renew: () => Promise.resolve(false) } },
    homeserver: { request },
    encryption: () => Promise.resolve(encryption),
    isSharedComputer: true,
  });
  const outbox = new Outbox(storage, {
    api: { request },
    encryption: () => Promise.resolve(encryption),
    encryptionRoom: async () => ({ roomId, settings: {}, historyVisibility: 'joined', members: [], isDirect: false }),
    upload: (action, bytes, progress) => uploadFile(media, action, bytes, progress),
  });
  ends.media.push(media);
  ends.outboxes.push(outbox);
  return outbox;
}

async function start(cut: Cut) {
  const homeserver = new CuttingHomeserver(cut);
  await new Promise<void>((resolve) => homeserver.server.listen(0, '127.0.0.1', resolve));
  const address = homeserver.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const ends = { server: homeserver.server, media: [], outboxes: [] };
  running.push(ends);
  const storage = memoryStorage();
  return { homeserver, newEngine: () => engine(`http://127.0.0.1:${address.port}`, storage, ends) };
}

async function sent(outbox: Outbox): Promise<void> {
  const isSent = (): boolean => outbox.of(roomId).every(({ sending }) => sending.state === 'sent');
  if (isSent()) return;
  await new Promise<void>((resolve) => outbox.subscribe(() => isSent() && resolve()));
}

const contentSchema = z.object({ file: z.looseObject({ url: z.string() }) });

function expectOneEventWithTheFile({ uploads, events }: CuttingHomeserver): void {
  expect([...events.keys()]).toEqual([itemId]);
  const { file: encrypted } = contentSchema.parse(events.get(itemId));
  const cipher = uploads.get(encrypted.url.split('/').at(-1) ?? '');
  if (!cipher) throw new Error('the event names no upload');
  const { url: _url, ...info } = encrypted;
  expect(Buffer.from(Attachment.decrypt(new EncryptedAttachment(cipher, JSON.stringify(info)))).equals(file)).toBe(
    true,
  );
}

beforeAll(() => initAsync());

afterEach(async () => {
  for (const { server, media, outboxes } of running.splice(0)) {
    for (const each of [...media, ...outboxes]) each.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const action = {
  kind: 'file' as const,
  name: 'Akte.pdf',
  mimeType: 'application/pdf',
  bytes: file.length,
  content: {},
  uploaded: null,
};
const cuts: readonly Cut[] = [0, 0.1, 0.5, 0.99, 'answer to the upload', 'answer to the event'];

describe('a file whose upload is interrupted', () => {
  it.each(cuts)('goes on by itself and stays one event (cut at %s)', async (cut) => {
    const { homeserver, newEngine } = await start(cut);
    const outbox = newEngine();
    await outbox.add(roomId, { itemId, action, file });
    await homeserver.cut;
    await sent(outbox);
    expectOneEventWithTheFile(homeserver);
  });

  it.each(cuts)('goes on after a restart and stays one event (cut at %s)', async (cut) => {
    const { homeserver, newEngine } = await start(cut);
    const before = newEngine();
    await before.add(roomId, { itemId, action, file });
    await homeserver.cut;
    before.stop();
    const after = newEngine();
    await after.restore();
    await sent(after);
    expectOneEventWithTheFile(homeserver);
    // Uploaded and stored before the restart: not uploaded again.
    if (cut === 'answer to the event') expect(homeserver.uploads.size).toBe(1);
  });
});
