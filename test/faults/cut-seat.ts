/** Somebody whose line to the homeserver is at a test's mercy, and others whose line holds. */
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import { z } from 'zod';
import { Seat } from '../e2e/seat.ts';
import type { Visitor } from '../e2e/visitor.ts';
import { openCutLine, type CutLine } from '../harness/cutting-proxy/cut-line.ts';
import type { SeenRequest } from '../harness/cutting-proxy/faults.ts';
import { accepted, roomPath } from '../harness/matrix/rooms.ts';
import { signIn, type MatrixSession } from '../harness/matrix/session.ts';

export interface CutSeat extends CutLine {
  readonly seat: Seat;
}

/** @param script runs in each page before the client */
export async function takeCutSeat(visitor: Visitor, script?: string): Promise<CutSeat> {
  const line = await openCutLine(visitor.homeserverUrl);
  try {
    return { ...line, seat: await Seat.signIn(line.browser, visitor, {}, script) };
  } catch (error) {
    await line.close();
    throw error;
  }
}

export function isSending({ method, path }: SeenRequest): boolean {
  return method === 'PUT' && /\/rooms\/[^/]+\/send\/m\.room\.encrypted\//.test(path);
}

export function sessionOf({ person, homeserverUrl }: Visitor): Promise<MatrixSession> {
  return signIn(homeserverUrl, person.userId, person.password);
}

const joinedSchema = z.object({ joined_rooms: z.array(roomIdSchema) });
const nameSchema = z.object({ name: z.string() });

/** Throws if the person is in no room of this name. */
export async function roomNamed(session: MatrixSession, wanted: string): Promise<RoomId> {
  const { joined_rooms: rooms } = joinedSchema.parse(accepted(await session.request('GET', '/v3/joined_rooms')));
  for (const roomId of rooms) {
    const { body } = await session.request('GET', roomPath(roomId, 'state/m.room.name/'));
    if (nameSchema.safeParse(body).data?.name === wanted) return roomId;
  }
  throw new Error(`${session.userId} is in no room called ${wanted}`);
}
