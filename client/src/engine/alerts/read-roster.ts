/** Gathers what the roster of an alert is computed from. */
import { z } from 'zod';
import type { AppserviceApi } from '../directory/appservice-api.ts';
import type { Encryption } from '../encryption/encryption.ts';
import { parseEvents } from '../matrix/event-schema.ts';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import type { RawEvent } from '../matrix/raw-event.ts';
import type { RosterEntry, SentAlert } from '../protocol.ts';
import { isServiceAccount } from '../rooms/origin.ts';
import { roomPath } from '../timeline/history-requests.ts';
import { alertRoster, recipientsOf, type MembershipChange } from './alert-roster.ts';

export interface RosterSources {
  readonly api: HomeserverApi;
  readonly appservice: Pick<AppserviceApi, 'alertReceipts'>;
  encryption(): Promise<Pick<Encryption, 'trustOf'>>;
}

const membersSchema = z.object({ chunk: z.unknown().optional() });
const contentSchema = z.object({ membership: z.string() });

/** @throws FailureError, HomeserverError, UnreachableError */
export async function readRoster(sources: RosterSources, roomId: string, alert: SentAlert) {
  const [changes, receipts, encryption] = await Promise.all([
    membershipChanges(sources.api, roomId),
    sources.appservice.alertReceipts(roomId, alert.eventId),
    sources.encryption(),
  ]);
  const recipients = recipientsOf(alert, changes).filter((userId) => !isServiceAccount(userId));
  const trust = await encryption.trustOf(recipients);
  // Keys go to devices that an identity of the person vouches for, and to no others: without one there is none.
  const withoutDevice = new Set(recipients.filter((userId) => trust.get(userId) === 'unknown'));
  return alertRoster(recipients, receipts, withoutDevice) satisfies readonly RosterEntry[];
}

/** Of everybody who ever was in the room; the homeserver gives each person's latest change. */
async function membershipChanges(api: HomeserverApi, roomId: string): Promise<readonly MembershipChange[]> {
  const body = membersSchema.parse(await api.request('GET', `${roomPath(roomId)}/members`));
  return parseEvents(body.chunk).values.flatMap((event) => membershipChange(event) ?? []);
}

function membershipChange({ state_key: userId, content, unsigned, origin_server_ts: at }: RawEvent) {
  const membership = contentSchema.safeParse(content).data?.membership;
  if (userId === undefined || membership === undefined) return null;
  const before = contentSchema.safeParse(unsigned?.['prev_content']).data?.membership ?? null;
  return { userId, membership, before, at };
}
