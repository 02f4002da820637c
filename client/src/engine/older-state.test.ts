import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { clientConfigSchema } from '#contract/client-config.ts';
import { databaseName } from './boot-snapshot.ts';
import { createEngine } from './engine.ts';
import { newStorageKey, sessionRecord } from './session/session-record.ts';
import { browserStorage } from './storage/browser-storage.ts';
import type { StorageChange, TableName } from './storage/storage.ts';

const config = clientConfigSchema.parse({
  serverName: 'land.hessen.test',
  homeserverUrl: 'http://homeserver.test',
  appserviceUrl: 'http://appservice.test',
  domainName: 'Land Hessen',
  theme: 'land',
  rosterKeys: ['11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo'],
});
const session = { userId: '@miriam.sauer:land.hessen.test', deviceId: 'DESK', isSharedComputer: false };
const roomId = '!a:land.hessen.test';

const values = ['sync-rooms', 'sync-encryption', 'push-rules', 'directory', 'drafts', 'snapshot'];
const tables: readonly TableName[] = ['rooms', 'timelines', 'members', 'rosters', 'outbox', 'files'];
const places: readonly (readonly [TableName, string])[] = [
  ...values.map((key) => ['values', key] as const),
  ...tables.map((table) => [table, roomId] as const),
];
/** Whatever another version may have thought right, near misses among it. */
const anything = fc.oneof(
  fc.jsonValue(),
  fc.record({ form: fc.nat(3), roomId: fc.constant(roomId), state: fc.jsonValue() }),
  fc.record({ pos: fc.jsonValue(), wanted: fc.jsonValue(), known: fc.jsonValue() }),
  fc.record({ itemId: fc.string(), roomId: fc.constant(roomId), position: fc.jsonValue(), action: fc.jsonValue() }),
  fc.record({ chunks: fc.jsonValue(), people: fc.jsonValue(), version: fc.nat(3) }),
);
const leftovers = fc.tuple(...places.map(() => fc.option(anything)));

afterEach(() => vi.unstubAllGlobals());

describe('what another version has stored', () => {
  it('keeps nobody from the session, the rooms and writing', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('no network');
    });
    await fc.assert(
      fc.asyncProperty(leftovers, async (left) => {
        vi.stubGlobal('indexedDB', new IDBFactory());
        const storage = await browserStorage(databaseName);
        const tokens = { accessToken: 'access', refreshToken: null, storageKey: newStorageKey() };
        await sessionRecord(storage).write({ ...session, ...tokens });
        const changes = places.flatMap(([table, key], index): StorageChange[] =>
          left[index] === null ? [] : [{ table, key, value: left[index] }],
        );
        await storage.write(changes);
        const engine = createEngine(async () => config, true).newSeat();
        expect(await engine.restore()).toEqual({ ok: true, value: session });
        const opened = await engine.openRoom(roomId, null);
        expect(opened.ok || opened.failure.kind, 'what is missing comes from the homeserver').toBeOneOf([
          true,
          'unreachable',
        ]);
        engine.keepDraft(roomId, 'Entwurf');
        const message = { text: 'Guten Tag', mentionIds: [], answers: null };
        expect(await engine.sendMessage(roomId, crypto.randomUUID(), message)).toEqual({ ok: true, value: undefined });
        const kept = await storage.table('outbox').all();
        expect(JSON.stringify(kept)).toContain('Guten Tag');
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
