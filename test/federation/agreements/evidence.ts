/** What happened, as the two sides' homeservers and appservices have written it down. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { deliveriesSchema } from '#contract/deliveries.ts';
import { auditRowsSchema, type AuditRow } from '#contract/governance.ts';
import { eventIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import type { SignedEvent } from '#test/harness/federation/event.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { runningHomeserver } from '../running-stack.ts';
import { readDatabase, type TwoDomains } from './two-domains.ts';
import { firstOfficer, land, police, proposer } from './two-organisations.ts';

const eventSchema = z.object({ event_id: eventIdSchema, type: z.string(), state_key: z.string().nullable() });

/** All events that the owner's homeserver has of a room, in their order. */
export function eventsOf(domains: TwoDomains, room: RoomId): readonly z.infer<typeof eventSchema>[] {
  const query = 'select event_id, type, state_key from events where room_id = ? order by stream_ordering';
  return z.array(eventSchema).parse(readDatabase(domains, land, query, room));
}

/** Events of a room that the owner's homeserver has handed to the police's, by its delivery ledger. */
export async function handedOver(domains: TwoDomains, room: RoomId): Promise<readonly string[]> {
  const path = `/deliveries?room=${encodeURIComponent(room)}&server=${police}&limit=1000`;
  const { body } = await (await domains.api(proposer)).request('GET', path);
  return deliveriesSchema.parse(body).deliveries.map(({ event }) => event);
}

/** Events of a room that were pushed to the police's homeserver, by its own log. */
export async function received(domains: TwoDomains, room: RoomId): Promise<readonly string[]> {
  const { folder } = await runningHomeserver(domains.stack.file, police);
  const log = await readFile(join(folder, 'logs', 'homeserver.log'), 'utf8');
  const line = new RegExp(`received PDU in room ${room}: <Event event_id=(\\$[\\w-]+)`, 'g');
  return [...log.matchAll(line)].flatMap(([, event]) => event ?? []);
}

/** As it was signed. */
export function createEventOf(domains: TwoDomains, room: RoomId): SignedEvent {
  const query = `select event_id, json from event_json join events using (event_id)
    where events.room_id = ? and events.type = 'm.room.create'`;
  const rows = z.tuple([z.object({ event_id: eventIdSchema, json: z.string() })]);
  const [{ event_id: eventId, json }] = rows.parse(readDatabase(domains, land, query, room));
  return { eventId, pdu: z.record(z.string(), z.json()).parse(JSON.parse(json)) };
}

/** Waits until the police's audit trail tells by which rule somebody was refused in a room. */
export function refusal(domains: TwoDomains, room: RoomId, attacker: UserId, rule: string): Promise<AuditRow> {
  return waitUntil(`${rule} in the audit trail`, async () => {
    const { body } = await (await domains.api(firstOfficer)).request('GET', '/audit?limit=5000');
    const refused = auditRowsSchema.parse(body).rows.filter(({ action }) => action === 'wall.refused');
    return refused.find((row) => row.subject === room && row.actor === attacker && row.detail['rule'] === rule);
  });
}
