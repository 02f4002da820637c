/** A room of a survey, with what its state says read once. */
import { z } from 'zod';
import { roomOriginKey, roomOriginSchema, type RoomOrigin } from '#contract/event-content.ts';
import type { SurveyedRoom } from '../matrix/survey.ts';

export interface FoundRoom {
  readonly roomId: string;
  readonly creator: string;
  /** What the create event says about it; null if Landbote did not make it. */
  readonly origin: RoomOrigin | null;
  readonly isSpace: boolean;
  readonly name: string | null;
  readonly topic: string | null;
  /** In the room, or invited. */
  readonly members: ReadonlySet<string>;
  /** Who may write where not everybody may. */
  readonly writers: readonly string[];
  /** Ids of the rooms that a space shows. */
  readonly children: readonly string[];
  /** Id of the space that the room names as its own. */
  readonly parent: string | null;
}

/** What power levels call a moderator (client-server API, "m.room.power_levels"); Landbote's posters have as much. */
const writerLevel = 50;

const text = z.string().min(1);
const levelsSchema = z.record(z.string(), z.number());
const viaSchema = z.array(z.string()).min(1);

export function foundRoomOf({ roomId, members, state }: SurveyedRoom): FoundRoom {
  const contentOf = (type: string) => state.find((event) => event.type === type && event.state_key === '')?.content;
  /** A link without a server to go through counts as none (client-server API, "m.space.child"). */
  const linksOf = (type: string) =>
    state.flatMap((event) =>
      event.type === type && viaSchema.safeParse(event.content['via']).success ? [event.state_key] : [],
    );
  const create = contentOf('m.room.create');
  const levels = levelsSchema.safeParse(contentOf('m.room.power_levels')?.['users']).data ?? {};
  return {
    roomId,
    creator: state.find(({ type }) => type === 'm.room.create')?.sender ?? '',
    origin: roomOriginSchema.safeParse(create?.[roomOriginKey]).data ?? null,
    isSpace: create?.['type'] === 'm.space',
    name: text.safeParse(contentOf('m.room.name')?.['name']).data ?? null,
    topic: text.safeParse(contentOf('m.room.topic')?.['topic']).data ?? null,
    members: new Set(members),
    writers: Object.keys(levels).filter((user) => (levels[user] ?? 0) >= writerLevel),
    children: linksOf('m.space.child').toSorted(),
    parent: linksOf('m.space.parent')[0] ?? null,
  };
}

/** As findings name it. */
export function labelOf({ name, roomId }: Pick<FoundRoom, 'name' | 'roomId'>): string {
  return name === null ? roomId : `${name} (${roomId})`;
}
