import { describe, expect, it } from 'vitest';
import type { Alert } from '../protocol.ts';
import type { PendingMessages } from '../sending/pending-message.ts';
import { RoomTimeline } from '../timeline/room-timeline.ts';
import { StoredTimeline } from '../timeline/stored-timeline.ts';
import type { TimelineEvent } from '../timeline/timeline-event.ts';
import { withAlert } from './alert-content.ts';
import { heldAlerts } from './held-alerts.ts';

const now = 1_000_000;
const sender = '@ole:polizei.hessen.test';
const alert: Alert = {
  kind: 'wanted',
  urgency: 'alarm',
  reference: 'F-26-1187',
  place: '',
  validUntil: now + 1,
  mustAcknowledge: true,
};
const pictureOf = (changes: Partial<Alert> = {}): object =>
  withAlert({ msgtype: 'm.image', body: 'gesucht.jpg' }, { ...alert, ...changes });

function encrypted(id: string, content: object, wire: object = {}): TimelineEvent {
  return {
    id,
    type: 'm.room.encrypted',
    senderId: sender,
    sentAt: 1,
    content: { ...wire },
    stateKey: null,
    transactionId: null,
    isRedacted: false,
    clear: { type: 'm.room.message', content: { ...content }, shield: null },
  };
}

const inTheClear: TimelineEvent = {
  ...encrypted('$a', {}),
  type: 'm.room.message',
  content: { ...pictureOf() },
  clear: null,
};
const redaction = (target: string): TimelineEvent => ({
  ...encrypted(`$r${target}`, {}),
  type: 'm.room.redaction',
  content: { redacts: target },
  clear: null,
});
const nothingPending: PendingMessages = { of: () => [], subscribe: () => () => undefined, confirm: () => undefined };

function roomWith(events: readonly TimelineEvent[], mayHaveGap = false): RoomTimeline {
  const timeline = new RoomTimeline('!a', [], StoredTimeline.empty('!a'), nothingPending);
  timeline.addSynced({ events: [...events], mayHaveGap, previousBatch: null });
  return timeline;
}

const idsIn = (timeline: RoomTimeline, held = heldAlerts([], timeline, now)): string[] =>
  held.map(({ eventId }) => eventId);

describe('alerts among a room’s messages', () => {
  it.each<[string, readonly TimelineEvent[], readonly string[]]>([
    ['one that is not over', [encrypted('$a', pictureOf())], ['$a']],
    ['one that is over in this moment', [encrypted('$a', pictureOf({ validUntil: now }))], []],
    ['a picture as any other', [encrypted('$a', { msgtype: 'm.image' })], []],
    ['one that came in the clear', [inTheClear], []],
    ['one that was deleted', [encrypted('$a', pictureOf()), redaction('$a')], []],
    ['two, oldest first', [encrypted('$a', pictureOf()), encrypted('$b', pictureOf())], ['$a', '$b']],
  ])('%s', (_what, events, expected) => {
    expect(idsIn(roomWith(events))).toEqual(expected);
  });

  it('are held while they are behind a gap, until they are over', () => {
    const held = heldAlerts([], roomWith([encrypted('$a', pictureOf())]), now);
    const beyond = roomWith([encrypted('$later', { msgtype: 'm.text', body: 'später' })], true);
    expect(heldAlerts(held, beyond, now)).toEqual(held);
    expect(heldAlerts(held, beyond, now + 1)).toEqual([]);
  });

  it('are shown as their latest edit says', () => {
    const replacement = { 'm.new_content': pictureOf({ reference: 'F-26-1188' }) };
    const edit = encrypted('$edit', replacement, { 'm.relates_to': { rel_type: 'm.replace', event_id: '$a' } });
    const [held] = heldAlerts([], roomWith([encrypted('$a', pictureOf()), { ...edit, sentAt: 2 }]), now);
    expect(JSON.stringify(held?.content)).toContain('F-26-1188');
  });
});
