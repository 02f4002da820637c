import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clientConfigSchema, type ClientConfig } from '#contract/client-config.ts';
import { databaseName } from './boot-snapshot.ts';
import { createEngine } from './engine.ts';
import type { Update } from './protocol.ts';
import { newStorageKey, sessionRecord } from './session/session-record.ts';
import { browserStorage } from './storage/browser-storage.ts';

const config = clientConfigSchema.parse({
  serverName: 'land.hessen.test',
  homeserverUrl: 'http://homeserver.test',
  appserviceUrl: 'http://appservice.test',
  domainName: 'Land Hessen',
  theme: 'land',
  rosterKeys: ['11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo'],
});
const identity = { userId: '@miriam.sauer:land.hessen.test', deviceId: 'DESK' };
const noSession = { ok: false, failure: { kind: 'unexpected', reference: 'no-session' } };

beforeEach(async () => {
  const storage = await browserStorage(databaseName);
  const tokens = { accessToken: 'access', refreshToken: null };
  await sessionRecord(storage).write({ ...identity, ...tokens, storageKey: newStorageKey(), isSharedComputer: false });
});

afterEach(() => vi.unstubAllGlobals());

function unreachable(): void {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('no network');
  });
}

/** An engine as one page uses it, and what it tells the page. */
function aSeat(loadConfiguration: () => Promise<ClientConfig> = async () => config) {
  const engine = createEngine(loadConfiguration, true).newSeat();
  const updates: Update[] = [];
  engine.subscribe((update) => updates.push(update));
  return { engine, updates };
}

describe('the session that a device has kept', () => {
  it('is taken up before the first command of a page is carried out', async () => {
    unreachable();
    const { engine } = aSeat();
    expect(await engine.loadOlder('!a')).toEqual({ ok: true, value: undefined });
    expect(await engine.restore()).toEqual({ ok: true, value: { ...identity, isSharedComputer: false } });
  });

  it('is taken up at the next command after it could not be, and says why', async () => {
    unreachable();
    const load = vi.fn<() => Promise<ClientConfig>>(async () => config).mockRejectedValueOnce(new TypeError());
    const { engine } = aSeat(load);
    expect(await engine.loadOlder('!a')).toEqual({ ok: false, failure: { kind: 'unreachable' } });
    expect(await engine.loadOlder('!a')).toEqual({ ok: true, value: undefined });
  });

  it('is not taken up again by a command after the homeserver has ended it', async () => {
    const body = { errcode: 'M_UNKNOWN_TOKEN', error: 'Token is not active', soft_logout: true };
    vi.stubGlobal('fetch', async () => Response.json(body, { status: 401 }));
    const { engine, updates } = aSeat();
    await engine.restore();
    await vi.waitFor(() => expect(updates).toContainEqual({ type: 'session-ended' }));
    expect(await engine.loadOlder('!a')).toEqual(noSession);
    expect(await engine.restore()).toEqual({ ok: true, value: null });
  });

  it('is ended by a sign-out while it is being taken up, and stays so', async () => {
    unreachable();
    const { engine } = aSeat();
    const early = engine.loadOlder('!a');
    await engine.signOut();
    await early;
    expect(await engine.loadOlder('!a')).toEqual(noSession);
    expect(await sessionRecord(await browserStorage(databaseName)).read()).toBeNull();
  });
});
