/** The edge at which events come in. Nobody behind it has to doubt their shape. */
import { z } from 'zod';
import type { RawEvent } from './raw-event.ts';

const content = z.record(z.string(), z.unknown());

const eventSchema = z.object({
  event_id: z.string().min(1).max(255),
  type: z.string().max(255),
  sender: z.string().max(255),
  origin_server_ts: z.number(),
  content: content.catch({}),
  state_key: z.string().max(255).optional(),
  unsigned: content.optional().catch(undefined),
  redacts: z.string().optional().catch(undefined),
});

const strippedSchema = z.object({ type: z.string(), state_key: z.string(), sender: z.string(), content });

export interface Parsed<T> {
  readonly values: T[];
  /** How many were none. */
  readonly skipped: number;
}

/** Each event by itself: a malformed one costs no other. Null: no event. */
export function parseEvent(value: unknown): RawEvent | null {
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) return null;
  const { redacts, state_key, unsigned, ...rest } = parsed.data;
  return {
    ...rest,
    // Before room version 11 the redacted event is named beside the content.
    content: redacts !== undefined && !('redacts' in rest.content) ? { ...rest.content, redacts } : rest.content,
    ...(state_key === undefined ? {} : { state_key }),
    ...(unsigned === undefined ? {} : { unsigned }),
  };
}

export function parseEvents(list: unknown): Parsed<RawEvent> {
  return parseEach(list, parseEvent);
}

export function parseStrippedEvents(list: unknown): Parsed<z.infer<typeof strippedSchema>> {
  return parseEach(list, (value) => strippedSchema.safeParse(value).data ?? null);
}

function parseEach<T>(list: unknown, parse: (value: unknown) => T | null): Parsed<T> {
  if (!Array.isArray(list)) return { values: [], skipped: 0 };
  const values = list.flatMap((value: unknown) => parse(value) ?? []);
  return { values, skipped: list.length - values.length };
}
