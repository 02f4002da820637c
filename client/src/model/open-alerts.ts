/** What stands above the chats. Pure. */
import type { AlertAct, AlertAnswer, RoomAlert, RoomSnapshot } from '../engine/protocol.ts';

export interface OpenAlert extends RoomAlert {
  readonly roomId: string;
  /** Not yet answered, or taken back: null. */
  readonly answer: Exclude<AlertAct, 'withdrawn'> | null;
}

/** For so long an answer can be taken back, and the alert stays where it is. */
const undoMs = 60_000;

const order = { alarm: 0, urgent: 1, notice: 2 } as const;

export interface AlertsContext {
  readonly userId: string;
  readonly answers: Readonly<Record<string, AlertAnswer>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Those of others that are neither over nor answered for good, the most urgent first. */
export function openAlerts(
  rooms: readonly Pick<RoomSnapshot, 'roomId' | 'alerts'>[],
  { userId, answers, now }: AlertsContext,
): readonly OpenAlert[] {
  const all = rooms.flatMap(({ roomId, alerts }) => alerts.map((alert) => ({ ...alert, roomId })));
  return all
    .filter(({ senderId, alert }) => senderId !== userId && alert.validUntil > now)
    .flatMap((alert) => withAnswer(alert, answers[alert.eventId], now) ?? [])
    .toSorted(byUrgency);
}

function withAnswer(
  alert: RoomAlert & { readonly roomId: string },
  answer: AlertAnswer | undefined,
  now: number,
): OpenAlert | null {
  if (answer === undefined || answer.act === 'withdrawn') return { ...alert, answer: null };
  return now < answer.at + undoMs ? { ...alert, answer: answer.act } : null;
}

function byUrgency(one: OpenAlert, other: OpenAlert): number {
  const answered = Number(one.answer !== null) - Number(other.answer !== null);
  return answered || order[one.alert.urgency] - order[other.alert.urgency] || other.sentAt - one.sentAt;
}

/**
 * Whether somebody may send an alarm: who holds a post, and in rooms where only named ones write whoever writes there
 * (the homeserver enforces that). Receivers ask the same, so that nobody raises one by another client.
 */
export function mayAlarm(sender: { readonly posts: readonly string[] } | null, posting: 'everyone' | 'named'): boolean {
  return posting === 'named' || (sender?.posts.length ?? 0) > 0;
}
