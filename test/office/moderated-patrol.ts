/** A small office with one patrol: Anna is in it, Mona moderates and is not. */
import { afterAll, beforeAll } from 'vitest';
import { userIdSchema, type RoomId } from '#contract/ids.ts';
import { startSmallOffice, type SmallOffice } from './small-office.ts';

export const anna = userIdSchema.parse('@anna.dienst:polizei.hessen.test');
export const mona = userIdSchema.parse('@mona.wacht:polizei.hessen.test');

const body = `
id: wache
short: Wache
name: Polizeiwache
server: polizei.hessen.test
units: [{ id: streife, name: Streife }]
people:
  - { id: anna.dienst, name: Anna Dienst, unit: streife }
  - { id: mona.wacht, name: Mona Wacht, roles: [moderator] }
announcers: [{ person: anna.dienst }]
`;

export interface ModeratedPatrol {
  readonly office: SmallOffice;
  readonly room: RoomId;
}

/** Stands before the file's first test, and is gone after its last one. */
export function useModeratedPatrol(): ModeratedPatrol {
  let office: SmallOffice;
  let room: RoomId;
  beforeAll(async () => {
    office = await startSmallOffice(body);
    room = await office.roomAt('room/wache/streife');
  });
  afterAll(() => office.stop());
  return {
    get office() {
      return office;
    },
    get room() {
      return room;
    },
  };
}

/** @param token of the person who acts; @returns the answer's status */
export async function moderate(
  { office, room }: ModeratedPatrol,
  token: string,
  act: string,
  content: unknown,
): Promise<number> {
  const { ports } = office.appservice();
  const answer = await fetch(`http://127.0.0.1:${ports.api}/api/v1/rooms/${encodeURIComponent(room)}/${act}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(content),
  });
  return answer.status;
}
