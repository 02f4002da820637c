/** The rooms in which two appservices tell each other what their people agreed to. */
import { botOf, roomIdSchema, type RoomId, type ServerName } from '#contract/ids.ts';
import type { PartnerDeclaration } from '#contract/organisation.ts';
import type { Inventory } from '#appservice/apply/inventory.ts';
import type { JoinedRoomsReader, PersonJoiner } from '#appservice/matrix/ports.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { leadsLiaison, liaisonAddress } from '../reconciler/agreed-rooms.ts';

/** Of the partners that make the room. Kept, because nothing tells the bot of an invitation a second time. */
export interface LiaisonBook {
  /** By trust domain. */
  all(): ReadonlyMap<string, RoomId>;
  /** The partner's bot has invited ours; the newest invitation counts. */
  note(partner: string, room: RoomId): Promise<void>;
}

export async function openLiaisonBook({ db }: Pick<Store, 'db'>): Promise<LiaisonBook> {
  const rows = await db.selectFrom('liaison').selectAll().execute();
  const rooms = new Map(rows.map((row) => [row.partner, roomIdSchema.parse(row.room_id)]));
  return {
    all: () => rooms,
    async note(partner, room) {
      await db
        .insertInto('liaison')
        .values({ partner, room_id: room })
        .onConflict((conflict) => conflict.column('partner').doUpdateSet({ room_id: room }))
        .execute();
      rooms.set(partner, room);
    },
  };
}

export interface LiaisonOptions {
  readonly homeserver: JoinedRoomsReader & PersonJoiner;
  readonly serverName: ServerName;
  readonly liaisons: LiaisonBook;
  readonly inventory: () => Promise<Inventory>;
}

/** null: there is none yet. Joins the room if it is the partner's, so ask only once the partner's key is known. */
export async function findLiaison(
  { domain, server }: PartnerDeclaration,
  { homeserver, serverName, liaisons, inventory }: LiaisonOptions,
): Promise<RoomId | null> {
  if (leadsLiaison(serverName, server)) return (await inventory()).get(liaisonAddress(domain)) ?? null;
  const room = liaisons.all().get(domain) ?? null;
  if (room !== null && !(await homeserver.joinedRooms()).includes(room)) {
    await homeserver.joinAs(botOf(serverName), room, [server]);
  }
  return room;
}
