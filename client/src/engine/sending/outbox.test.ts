import { describe, expect, test, vi } from 'vitest';
import { IdentityChangedError, type Encryption } from '../encryption/encryption.ts';
import { HomeserverError, UnreachableError, type HomeserverApi } from '../matrix/homeserver-api.ts';
import { memoryStorage } from '../storage/memory-storage.ts';
import { Outbox } from './outbox.ts';
import type { PendingMessage } from './pending-message.ts';

const roomId = '!lage';

/** A homeserver that answers as the test says, one answer after the other, and writes down what it took. */
function homeserver(...answers: (Error | 'taken' | 'taken-but-lost')[]) {
  const taken: { transactionId: string; body: unknown }[] = [];
  const asked: string[] = [];
  const api: HomeserverApi = {
    async request(_method, path, options) {
      const transactionId = path.split('/').at(-1) ?? '';
      asked.push(transactionId);
      const answer = answers.shift() ?? 'taken';
      if (answer instanceof Error) throw answer;
      if (!taken.some((known) => known.transactionId === transactionId))
        taken.push({ transactionId, body: options?.body });
      if (answer === 'taken-but-lost') throw new UnreachableError();
      return { event_id: `$${transactionId}` };
    },
  };
  return { api, taken, asked };
}

function encryption(encrypt: Encryption['encrypt'] = async (_room, type, content) => ({ type, content })): Encryption {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the outbox uses nothing else of it
  return { encrypt } as Encryption;
}

function outboxWith(api: HomeserverApi, storage = memoryStorage(), keys = encryption(), isEncrypted = true): Outbox {
  return new Outbox(storage, {
    api,
    encryption: async () => keys,
    encryptionRoom: async () =>
      isEncrypted ? { roomId, settings: {}, historyVisibility: 'joined', members: [], isDirect: false } : null,
    upload: async () => ({}),
  });
}

function text(itemId: string, body = itemId) {
  return { itemId, action: { kind: 'event' as const, type: 'm.room.message', content: { msgtype: 'm.text', body } } };
}

/** Waits for the outbox to be as the test expects. */
async function until(outbox: Outbox, isSo: (pending: readonly PendingMessage[]) => boolean): Promise<void> {
  if (isSo(outbox.of(roomId))) return;
  await new Promise<void>((resolve) => {
    const end = outbox.subscribe(() => {
      if (!isSo(outbox.of(roomId))) return;
      end();
      resolve();
    });
  });
}

const allSent = (pending: readonly PendingMessage[]): boolean =>
  pending.every(({ sending }) => sending.state === 'sent');

describe('the outbox', () => {
  test('encrypts while a message is stored, and hands it out only then', async () => {
    const { api, asked } = homeserver();
    const encrypt = vi.fn<Encryption['encrypt']>(async (_room, type, content) => ({ type, content }));
    const storing = Promise.withResolvers<void>();
    const storage = memoryStorage();
    const slow = { ...storage, write: () => storing.promise };
    const outbox = outboxWith(api, slow, encryption(encrypt));
    const added = outbox.add(roomId, text('one'));
    await vi.waitFor(() => expect(encrypt).toHaveBeenCalledOnce());
    expect(asked).toEqual([]);
    storing.resolve();
    await added;
    await until(outbox, ([message]) => message?.sending.state === 'sent');
    expect(asked).toEqual(['one']);
  });

  test('keeps the order of one room, also when the first has to wait', async () => {
    const { api, taken } = homeserver(new UnreachableError(), new UnreachableError());
    const outbox = outboxWith(api);
    for (const itemId of ['one', 'two', 'three']) await outbox.add(roomId, text(itemId));
    await until(outbox, allSent);
    expect(taken.map(({ transactionId }) => transactionId)).toEqual(['one', 'two', 'three']);
  });

  test('sends under the same transaction id when the answer was lost, so that it stays one event', async () => {
    const { api, taken, asked } = homeserver('taken-but-lost');
    const outbox = outboxWith(api);
    await outbox.add(roomId, text('one'));
    await until(outbox, allSent);
    expect(asked).toEqual(['one', 'one']);
    expect(taken).toHaveLength(1);
  });

  test('takes up after a crash what had not left, in order and under the same ids', async () => {
    const storage = memoryStorage();
    const offline = outboxWith(homeserver(...Array.from({ length: 9 }, () => new UnreachableError())).api, storage);
    await offline.add(roomId, text('one'));
    await offline.add(roomId, text('two'));
    offline.stop();
    const { api, taken } = homeserver();
    const outbox = outboxWith(api, storage);
    await outbox.restore();
    await outbox.add(roomId, text('three'));
    await until(outbox, allSent);
    expect(taken.map(({ transactionId }) => transactionId)).toEqual(['one', 'two', 'three']);
  });

  test('sends once what is added a second time, also when the first was left by an earlier start', async () => {
    const storage = memoryStorage();
    const offline = outboxWith(homeserver(...Array.from({ length: 9 }, () => new UnreachableError())).api, storage);
    await offline.add(roomId, text('one'));
    offline.stop();
    const { api, asked } = homeserver();
    const outbox = outboxWith(api, storage);
    await outbox.restore();
    await Promise.all(['one', 'two', 'two'].map((itemId) => outbox.add(roomId, text(itemId))));
    await until(outbox, allSent);
    await outbox.add(roomId, text('two'));
    await outbox.add(roomId, text('sentinel'));
    await until(outbox, allSent);
    expect(asked).toEqual(['one', 'two', 'sentinel']);
  });

  test('sends although nothing can be stored, and calls nothing failed for it', async () => {
    const storage = { ...memoryStorage(), write: () => Promise.reject(new DOMException('full', 'QuotaExceededError')) };
    const { api, taken } = homeserver(new UnreachableError());
    const outbox = outboxWith(api, storage);
    await outbox.add(roomId, text('one'));
    await outbox.add(roomId, text('two'));
    await until(outbox, allSent);
    expect(taken.map(({ transactionId }) => transactionId)).toEqual(['one', 'two']);
  });

  test('does not send again after a restart what the homeserver has taken', async () => {
    const storage = memoryStorage();
    const first = outboxWith(homeserver().api, storage);
    await first.add(roomId, text('one'));
    await until(first, allSent);
    const { api, asked } = homeserver();
    const second = outboxWith(api, storage);
    await second.restore();
    await second.add(roomId, text('sentinel'));
    await until(second, allSent);
    expect(asked).toEqual(['sentinel']);
  });

  test('says what the server refused, and goes on with what comes after it', async () => {
    const { api, taken } = homeserver(new HomeserverError(403, 'M_FORBIDDEN', null, false));
    const outbox = outboxWith(api);
    await outbox.add(roomId, text('one'));
    await outbox.add(roomId, text('two'));
    await until(outbox, (pending) => pending.some(({ sending }) => sending.state === 'sent'));
    expect(outbox.of(roomId)[0]?.sending).toEqual({ state: 'failed', problem: 'refused' });
    outbox.retry(roomId, 'one');
    await until(outbox, allSent);
    expect(taken.map(({ transactionId }) => transactionId)).toEqual(['two', 'one']);
  });

  test('does not call a message failed while the homeserver is in trouble for a minute', async () => {
    vi.useFakeTimers();
    try {
      const fault = new HomeserverError(500, 'M_UNKNOWN', null, false);
      const { api, asked } = homeserver(...Array.from({ length: 500 }, () => fault));
      const outbox = outboxWith(api);
      await outbox.add(roomId, text('one'));
      for (let second = 0; second < 60; second += 1) {
        outbox.wake();
        await vi.advanceTimersByTimeAsync(1_000);
        expect(outbox.of(roomId)[0]?.sending.state).not.toBe('failed');
      }
      await vi.advanceTimersByTimeAsync(300_000);
      expect(outbox.of(roomId)[0]?.sending).toEqual({ state: 'failed', problem: 'server' });
      expect(new Set(asked)).toEqual(new Set(['one']));
    } finally {
      vi.useRealTimers();
    }
  });

  test('waits as long as the homeserver asks, whatever is written meanwhile', async () => {
    vi.useFakeTimers();
    try {
      const { api, asked } = homeserver(new HomeserverError(429, 'M_LIMIT_EXCEEDED', 20_000, false));
      const outbox = outboxWith(api);
      await outbox.add(roomId, text('one'));
      await vi.advanceTimersByTimeAsync(19_000);
      await outbox.add(roomId, text('two'));
      outbox.wake();
      expect(asked).toEqual(['one']);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(asked).toEqual(['one', 'one', 'two']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('never sends into a room that is not encrypted', async () => {
    const { api, asked } = homeserver();
    const outbox = outboxWith(api, memoryStorage(), encryption(), false);
    await outbox.add(roomId, text('one'));
    await until(outbox, ([first]) => first?.sending.state === 'failed');
    expect(outbox.of(roomId)[0]?.sending).toEqual({ state: 'failed', problem: 'not-encrypted' });
    expect(asked).toEqual([]);
  });

  test('waits for the decision about a changed identity and then sends by itself', async () => {
    let isDecided = false;
    const keys = encryption(async (_room, type, content) => {
      if (!isDecided) throw new IdentityChangedError(['@b:land']);
      return { type, content };
    });
    const { api, asked } = homeserver();
    const outbox = outboxWith(api, memoryStorage(), keys);
    await outbox.add(roomId, text('one'));
    await until(outbox, ([first]) => first?.sending.state === 'failed');
    expect(asked).toEqual([]);
    isDecided = true;
    outbox.retryFailed('identity-changed');
    await until(outbox, allSent);
    expect(asked).toEqual(['one']);
  });

  test('gives an edit of a message that was still waiting the id that the message got', async () => {
    const { api, taken } = homeserver(new UnreachableError());
    const outbox = outboxWith(api);
    await outbox.add(roomId, text('one'));
    const relation = { rel_type: 'm.replace', event_id: 'one' };
    const content = { msgtype: 'm.text', body: '* new', 'm.relates_to': relation };
    await outbox.add(roomId, { itemId: 'edit', action: { kind: 'event', type: 'm.room.message', content } });
    await until(outbox, allSent);
    expect(taken[1]?.body).toMatchObject({ 'm.relates_to': { rel_type: 'm.replace', event_id: '$one' } });
  });

  test('forgets what was given up before it left', async () => {
    const storage = memoryStorage();
    const outbox = outboxWith(homeserver(...Array.from({ length: 9 }, () => new UnreachableError())).api, storage);
    await outbox.add(roomId, text('one'));
    await outbox.discard(roomId, 'one');
    expect(outbox.of(roomId)).toEqual([]);
    expect(await storage.table('outbox').all()).toEqual([]);
  });
});
