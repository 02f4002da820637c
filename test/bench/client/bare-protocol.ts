/** The bare requests behind the client's figures, without a client: what the homeserver alone takes. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RoomId } from '#contract/ids.ts';
import type { Visitor } from '../../e2e/visitor.ts';
import { accepted, roomPath } from '../../harness/matrix/rooms.ts';
import { signIn, signOut, type MatrixSession } from '../../harness/matrix/session.ts';

export interface BareFigures {
  /** Login, then the first answer of sliding sync with 20 rooms. */
  readonly signInMs: number;
  /** `/messages` from the end of a room to its beginning. */
  readonly scrollBackMs: number;
  /** `PUT /send` → the other's long-polling sliding sync has it. */
  readonly deliveriesMs: readonly number[];
}

export interface BareRooms {
  readonly long: RoomId;
  readonly shared: RoomId;
}

const deliveries = 10;
const pageSize = 100;
const positionSchema = z.object({ pos: z.string(), rooms: z.record(z.string(), z.unknown()).default({}) });
const pageSchema = z.object({ end: z.string().optional() });

export async function measureBare(owner: Visitor, other: Visitor, rooms: BareRooms): Promise<BareFigures> {
  const begun = performance.now();
  const own = await session(owner);
  await sync(own, null, 0);
  const signInMs = performance.now() - begun;
  const scrollBackMs = await timed(() => readBack(own, rooms.long));
  const receiver = await session(other);
  const deliveriesMs = await deliver(own, receiver, rooms.shared);
  await Promise.all([signOut(own), signOut(receiver)]);
  return { signInMs, scrollBackMs, deliveriesMs };
}

async function deliver(own: MatrixSession, receiver: MatrixSession, roomId: RoomId): Promise<readonly number[]> {
  const durations: number[] = [];
  let { pos } = await sync(receiver, null, 0);
  for (let count = 0; count < deliveries; count += 1) {
    const path = roomPath(roomId, `send/de.landbote.bench/${randomUUID()}`);
    const duration = await timed(async () => {
      const sent = own.request('PUT', path, {});
      for (;;) {
        const answer = await sync(receiver, pos, 30_000);
        ({ pos } = answer);
        if (roomId in answer.rooms) break;
      }
      accepted(await sent);
    });
    durations.push(duration);
  }
  return durations;
}

async function readBack(own: MatrixSession, roomId: RoomId): Promise<void> {
  let from = '';
  for (;;) {
    const path = roomPath(roomId, `messages?dir=b&limit=${pageSize}${from === '' ? '' : `&from=${from}`}`);
    const { end } = pageSchema.parse(accepted(await own.request('GET', path)));
    if (end === undefined) return;
    from = encodeURIComponent(end);
  }
}

async function sync(
  { request }: MatrixSession,
  pos: string | null,
  timeoutMs: number,
): Promise<z.infer<typeof positionSchema>> {
  const query = `timeout=${timeoutMs}${pos === null ? '' : `&pos=${encodeURIComponent(pos)}`}`;
  const lists = { all: { ranges: [[0, 19]], timeline_limit: 20, required_state: [['m.room.name', '']] } };
  const path = `/unstable/org.matrix.simplified_msc3575/sync?${query}`;
  return positionSchema.parse(accepted(await request('POST', path, { conn_id: 'bench', lists })));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function session({ person, homeserverUrl }: Visitor): Promise<MatrixSession> {
  return signIn(homeserverUrl, person.userId, person.password);
}
