/**
 * Who has seen an alert: a pure function of who was in the room when it was sent, of what devices said, and of who has
 * any (docs/alerts.md). The order in which receipts came in does not matter, nor how often.
 */
import type { RecordedReceipt } from '#contract/alert-receipts.ts';
import type { RosterEntry, SentAlert } from '../protocol.ts';

/** A change of somebody's membership. */
export interface MembershipChange {
  readonly userId: string;
  readonly membership: string;
  /** Null: none before this one. */
  readonly before: string | null;
  /** By the homeserver's clock, in milliseconds since 1970, as the alert's `sentAt` is. */
  readonly at: number;
}

/**
 * @param latest each person's latest change of membership
 * @returns everybody but the sender who was in the room when the alert was sent
 */
export function recipientsOf(
  { senderId, sentAt }: Omit<SentAlert, 'eventId'>,
  latest: readonly MembershipChange[],
): readonly string[] {
  const present = latest.filter(({ membership, before, at }) => (at <= sentAt ? membership : before) === 'join');
  return present.map(({ userId }) => userId).filter((userId) => userId !== senderId);
}

/**
 * @param receipts what devices said, of anybody: who was not there when it was sent does not count
 * @param withoutDevice people none of whose devices could read the alert
 */
export function alertRoster(
  recipients: readonly string[],
  receipts: readonly RecordedReceipt[],
  withoutDevice: ReadonlySet<string>,
): readonly RosterEntry[] {
  const said = Map.groupBy(receipts, ({ userId }): string => userId);
  return recipients.map((userId) => ({
    userId,
    ...(stateOf(said.get(userId) ?? []) ?? {
      state: withoutDevice.has(userId) ? ('no-device' as const) : ('open' as const),
      at: null,
    }),
  }));
}

type Proven = Pick<RosterEntry, 'state' | 'at'>;

/** Null: nothing proves anything. A person's last act counts, then what their devices said first. */
function stateOf(said: readonly RecordedReceipt[]): Proven | null {
  const acts = said.filter(({ kind }) => kind !== 'arrived' && kind !== 'displayed').toSorted(byTime);
  const last = acts.at(-1);
  if (last && last.kind !== 'withdrawn') return { state: actOf(last.kind), at: timeOf(last) };
  const displayed = said.filter(({ kind }) => kind === 'displayed').toSorted(byTime)[0];
  if (displayed) return { state: 'displayed', at: timeOf(displayed) };
  const arrived = said.filter(({ kind }) => kind === 'arrived').toSorted(byTime)[0];
  // Who has taken an act back has seen it, even if no device has said so.
  const proof = arrived ?? last;
  return proof ? { state: 'arrived', at: timeOf(proof) } : null;
}

function actOf(kind: RecordedReceipt['kind']): RosterEntry['state'] {
  return kind === 'on-it' || kind === 'hint' ? kind : 'acknowledged';
}

/** No clock of a device runs ahead of what happened: nothing has happened later than it was recorded. */
export function timeOf({ at, recordedAt }: Pick<RecordedReceipt, 'at' | 'recordedAt'>): number {
  return Math.min(at, recordedAt);
}

/** In the same millisecond taking back comes last, then whatever is the same everywhere. */
function byTime(one: RecordedReceipt, other: RecordedReceipt): number {
  return timeOf(one) - timeOf(other) || one.recordedAt - other.recordedAt || rank(one) - rank(other);
}

const ranks: readonly RecordedReceipt['kind'][] = [
  'arrived',
  'displayed',
  'acknowledged',
  'on-it',
  'hint',
  'withdrawn',
];

function rank({ kind }: RecordedReceipt): number {
  return ranks.indexOf(kind);
}
