/** Checks what the rooms connection answers (MSC4186 as Synapse speaks it). */
import { z } from 'zod';
import { parseEvents, parseStrippedEvents } from '../matrix/event-schema.ts';
import type { AccountDataEvent, Receipt, RoomChange, RoomsAnswer } from './rooms-answer.ts';

const record = z.record(z.string(), z.unknown());
const count = z.number().int().nonnegative().optional().catch(undefined);

const answerSchema = z.object({
  pos: z.string().min(1),
  lists: z
    .object({ all: z.object({ count: z.number().int().nonnegative() }) })
    .optional()
    .catch(undefined),
  rooms: record.catch({}),
  extensions: record.catch({}),
});

const roomSchema = z.object({
  initial: z.boolean().catch(false),
  limited: z.boolean().catch(false),
  prev_batch: z.string().nullish().catch(null),
  required_state: z.unknown().optional(),
  timeline: z.unknown().optional(),
  invite_state: z.unknown().optional(),
  joined_count: count,
  invited_count: count,
  num_live: z.number().int().nonnegative().catch(0),
  heroes: z
    .array(z.object({ user_id: z.string(), displayname: z.string().nullish().catch(null) }))
    .optional()
    .catch(undefined),
});

const accountDataSchema = z.object({ type: z.string(), content: record });
const receiptSchema = z.object({ ts: z.number() }).catch({ ts: 0 });

/** @throws where the answer as a whole is none; a single room or event that is none is left out and counted. */
export function parseRoomsAnswer(body: unknown): RoomsAnswer {
  const answer = answerSchema.parse(body);
  const tally = { skipped: 0 };
  return {
    pos: answer.pos,
    roomCount: answer.lists?.all.count ?? null,
    rooms: mapOf(answer.rooms, (room) => parseRoom(room, tally)),
    accountData: accountDataIn(extension(answer.extensions, 'account_data')['global']),
    roomAccountData: mapOf(extension(answer.extensions, 'account_data')['rooms'], accountDataIn),
    receipts: mapOf(extension(answer.extensions, 'receipts')['rooms'], receiptsIn),
    typing: mapOf(extension(answer.extensions, 'typing')['rooms'], typingIn),
    skipped: tally.skipped,
  };
}

function parseRoom(value: unknown, tally: { skipped: number }): RoomChange | null {
  const parsed = roomSchema.safeParse(value);
  if (!parsed.success) {
    tally.skipped += 1;
    return null;
  }
  const room = parsed.data;
  const [state, timeline, invitation] = [
    parseEvents(room.required_state),
    parseEvents(room.timeline),
    parseStrippedEvents(room.invite_state),
  ];
  tally.skipped += state.skipped + timeline.skipped + invitation.skipped;
  return {
    isInitial: room.initial,
    requiredState: state.values,
    timeline: timeline.values,
    isLimited: room.limited,
    previousBatch: room.prev_batch ?? null,
    invitation: Array.isArray(room.invite_state) ? invitation.values : null,
    liveCount: room.num_live,
    ...(room.joined_count === undefined ? {} : { joinedCount: room.joined_count }),
    ...(room.invited_count === undefined ? {} : { invitedCount: room.invited_count }),
    ...(room.heroes === undefined
      ? {}
      : { heroes: room.heroes.map((hero) => ({ userId: hero.user_id, name: hero.displayname ?? null })) }),
  };
}

function extension(extensions: Record<string, unknown>, name: string): Record<string, unknown> {
  return record.safeParse(extensions[name]).data ?? {};
}

function mapOf<T>(value: unknown, parse: (value: unknown) => T | null): Map<string, T> {
  const parsed = new Map<string, T>();
  for (const [key, entry] of Object.entries(record.safeParse(value).data ?? {})) {
    const result = parse(entry);
    if (result !== null) parsed.set(key, result);
  }
  return parsed;
}

function accountDataIn(value: unknown): AccountDataEvent[] {
  return Array.isArray(value) ? value.flatMap((entry: unknown) => accountDataSchema.safeParse(entry).data ?? []) : [];
}

/** Client-server API, "Receipts": event id → type → user id → data. */
function receiptsIn(value: unknown): Receipt[] {
  const content = record.safeParse(record.safeParse(value).data?.['content']).data ?? {};
  return Object.entries(content).flatMap(([eventId, types]) =>
    (['m.read', 'm.read.private'] as const).flatMap((type) => {
      const readers = record.safeParse(record.safeParse(types).data?.[type]).data ?? {};
      const isPrivate = type === 'm.read.private';
      return Object.entries(readers).map(([userId, data]) => ({
        eventId,
        userId,
        isPrivate,
        at: receiptSchema.parse(data).ts,
      }));
    }),
  );
}

function typingIn(value: unknown): string[] | null {
  const schema = z.object({ content: z.object({ user_ids: z.array(z.string()) }) });
  return schema.safeParse(value).data?.content.user_ids ?? null;
}
