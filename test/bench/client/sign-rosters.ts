/** Signs who belongs to the measured account's encrypted rooms, as the appservice does for its own rooms: elsewhere nobody writes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import { readEd25519Key } from '#appservice/ed25519-key.ts';
import { createRosterSeal, type RosterSeal } from '#appservice/roster/roster-seal.ts';
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import { appserviceFilesOf } from '#stack/parts/appservice.ts';
import { accepted, roomPath } from '../../harness/matrix/rooms.ts';
import type { AccountOwners } from './generate-account.ts';

const joinedSchema = z.object({ joined_rooms: z.array(roomIdSchema) });
const concurrency = 8;

/** @param siteFolder where the homeserver's appservice has its key */
export async function signRosters(
  siteFolder: string,
  { owner, other }: Omit<AccountOwners, 'homeserverUrl'>,
): Promise<void> {
  const { rosterKeyPath } = appserviceFilesOf(join(siteFolder, 'appservice'));
  const rosters: RosterSeal = createRosterSeal(readEd25519Key(await readFile(rosterKeyPath, 'utf8')), Date.now);
  const { joined_rooms: rooms } = joinedSchema.parse(accepted(await owner.request('GET', '/v3/joined_rooms')));
  const members = [owner.userId, other.userId].toSorted();

  async function sign(roomId: RoomId): Promise<void> {
    const { status } = await owner.request('GET', roomPath(roomId, 'state/m.room.encryption'));
    if (status !== 200) return;
    for (const { type, state_key: key, content } of rosters.seal(roomId, members)) {
      // Into the rooms that the appservice made the owner may not write state; those are signed.
      await owner.request('PUT', roomPath(roomId, `state/${type}/${key}`), content);
    }
  }

  const limit = pLimit(concurrency);
  await Promise.all(rooms.map((roomId) => limit(() => sign(roomId))));
}
