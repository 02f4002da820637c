import { pino } from 'pino';
import { Registry } from 'prom-client';
import { roomIdSchema, serverNameSchema } from '#contract/ids.ts';
import { createRefusalLedger, type Refusal } from '#appservice/wall/refusal-ledger.ts';
import { createWall } from '#appservice/wall/wall.ts';
import { createHomeserverApp } from '../homeserver/create-homeserver-app.ts';
import type { HomeserverAppDependencies } from '../homeserver/dependencies.ts';
import type { PushedEvent } from '../homeserver/pushed-event.ts';
import { listen } from './listen.ts';
import { openTestDatabase } from '#appservice/store/test-database.ts';

const wallToken = 'token-of-the-policy-module';
export const homeserverHeaders = { Authorization: 'Bearer hs-token', 'Content-Type': 'application/json' };
export const wallHeaders = { Authorization: `Bearer ${wallToken}`, 'Content-Type': 'application/json' };

/** The app with a real listener, a real database and the real wall of `land.hessen.test`. */
export async function startTestHomeserverApp(changes: Partial<HomeserverAppDependencies> = {}) {
  const arrived: PushedEvent[] = [];
  const refusals: Refusal[] = [];
  const database = await openTestDatabase();
  const write = async (refusal: Refusal) => {
    refusals.push(refusal);
  };
  const serverName = serverNameSchema.parse('land.hessen.test');
  const wall = createWall({
    serverName,
    domain: () => ({ id: 'land', servers: [serverName] }),
    ledRooms: [roomIdSchema.parse('!led')],
    homeserver: { pendingInvitations: async () => [], isJoined: async () => false },
    agreed: { mayInvite: async () => false, mayJoin: () => null },
    refusals: createRefusalLedger(write, () => 0),
  });
  const app = createHomeserverApp({
    homeserverToken: 'hs-token',
    wallToken,
    wall,
    database,
    eventsArrived: (events) => arrived.push(...events),
    metrics: new Registry(),
    logger: pino({ level: 'silent' }),
    now: () => 1_000,
    ...changes,
  });
  return { url: await listen(app), database, arrived, refusals };
}
