/**
 * The engine: the only part of the client that speaks Matrix. Loaded after the first paint; commands in, plain
 * results and updates out (protocol.ts).
 */
import type { ClientConfig } from '#contract/client-config.ts';
import { FailureError, asResult } from './failures.ts';
import { silenceGlobalLog } from './log.ts';
import type { Engine, Identity, Update } from './protocol.ts';
import { createSession, type RunningSession } from './running-session.ts';
import { cryptoDatabasePrefix, type SessionRecord, type SessionStore } from './session-record.ts';
import { signInWithPassword } from './sign-in.ts';

const logoutDeadlineMs = 5_000;

export function createEngine(config: ClientConfig, store: SessionStore): Engine {
  const listeners = new Set<(update: Update) => void>();
  let running: RunningSession | null = null;
  silenceGlobalLog();

  const emit = (update: Update): void => {
    for (const listener of listeners) listener(update);
  };

  function session(): RunningSession {
    if (!running) throw new FailureError({ kind: 'unexpected', reference: 'no-session' });
    return running;
  }

  async function start(record: SessionRecord): Promise<Identity> {
    running = createSession(record, {
      homeserverUrl: config.homeserverUrl,
      appserviceUrl: config.appserviceUrl,
      emit,
      onEnd: (kind) => void endSession(kind),
    });
    try {
      await running.start();
    } catch (error) {
      stop();
      throw error;
    }
    return { userId: record.userId, deviceId: record.deviceId };
  }

  async function endSession(kind: 'soft' | 'hard'): Promise<void> {
    if (kind === 'hard') await clear();
    else stop();
    emit({ type: 'session-ended' });
  }

  function stop(): void {
    running?.stop();
    running = null;
  }

  async function clear(): Promise<void> {
    const ended = running;
    stop();
    await store.clear();
    if (ended) await ended.client.clearStores({ cryptoDatabasePrefix: cryptoDatabasePrefix(ended.record) });
  }

  async function signOut(): Promise<void> {
    if (!running) return;
    const { api, client } = running;
    const farewell = Promise.allSettled([api.endSession(), client.logout(true)]);
    await Promise.race([farewell, new Promise((resolve) => setTimeout(resolve, logoutDeadlineMs))]);
    await clear();
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    signIn: (name, password) =>
      asResult(async () => start(await signInWithPassword(config.homeserverUrl, store, name, password))),
    restore: () =>
      asResult(async () => {
        const record = await store.read();
        return record ? start(record) : null;
      }),
    signOut,
    stop,
    openRoom: (roomId) => asResult(() => session().open(roomId)),
    closeRoom: () => running?.close(),
    loadOlder: (roomId) => asResult(() => session().loadOlder(roomId)),
    markRead: (roomId) => running?.markRead(roomId),
    prepareToSend: (roomId) => running?.outbox.prepare(roomId),
    sendText: (roomId, text) => running?.outbox.sendText(roomId, text),
    retrySending: (roomId, itemId) => running?.outbox.retry(roomId, itemId),
    discardUnsent: (roomId, itemId) => running?.outbox.discard(roomId, itemId),
    ownSession: () => asResult(() => session().api.session()),
    domain: () => asResult(() => session().api.domain()),
    searchPeople: (query, limit) => asResult(() => session().api.searchPeople(query, limit)),
    lookUpPeople: (userIds) => asResult(async () => (await session().api.lookUpPeople(userIds)).people),
    startConversation: (conversation) => asResult(() => session().api.startConversation(conversation)),
  };
}
