/** Which rooms of a survey an organisation is made of, and which it says nothing of. */
import { botOf, type ServerName, type UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import type { SurveyedRoom } from '../matrix/survey.ts';
import { parseAddress } from '../reconciler/addresses.ts';
import { computeDesiredState, type Removals } from '../reconciler/desired-state.ts';
import type { Report } from './findings.ts';
import { foundRoomOf, labelOf, type FoundRoom } from './found-room.ts';
import type { RoomsByAddress } from './own-places.ts';

export interface SortedRooms {
  readonly own: RoomsByAddress;
  readonly handMade: readonly FoundRoom[];
}

export interface Origin {
  readonly inForce: Organisation;
  readonly serverName: ServerName;
  /** Whom moderators have put out of a room: they belong there all the same. */
  readonly removals: Removals;
}

export function sortRooms(surveyed: readonly SurveyedRoom[], origin: Origin, report: Report): SortedRooms {
  const bot = botOf(origin.serverName);
  const rooms = surveyed.map(foundRoomOf);
  const here = rooms.filter(({ creator }) => creator.endsWith(`:${origin.serverName}`));
  const isOwn = (room: FoundRoom): boolean => room.creator === bot && room.origin?.domain === origin.inForce.domain.id;
  const declared = here.filter((room) => isOwn(room) && parseAddress(room.origin?.address ?? '') !== null);
  const handMade = here.filter((room) => !isOwn(room) && (room.isSpace || room.name !== null));
  count('rooms-elsewhere', rooms.length - here.length, report);
  count('conversations-left-out', here.length - declared.length - handMade.length, report);
  return { own: byAddress(declared, origin, bot, report), handMade };
}

function count(kind: Parameters<Report>[0], rooms: number, report: Report): void {
  if (rooms > 0) report(kind, String(rooms));
}

/** What is no longer declared and has nobody in it any more is what a unit or room has left behind. */
function byAddress(
  rooms: readonly FoundRoom[],
  { inForce, serverName, removals }: Origin,
  bot: UserId,
  report: Report,
): RoomsByAddress {
  const wanted = new Set(computeDesiredState(inForce, serverName).rooms.map(({ address }) => address));
  const found = new Map<string, FoundRoom>();
  for (const room of rooms) {
    const address = room.origin?.address ?? '';
    const members = new Set([...room.members, ...(removals.get(address) ?? [])].filter((member) => member !== bot));
    if (members.size > 0 || wanted.has(address)) found.set(address, { ...room, members });
    else report('room-without-people', labelOf(room));
  }
  return found;
}
