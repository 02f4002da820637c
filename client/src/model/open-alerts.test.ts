import { describe, expect, it } from 'vitest';
import type { AlertAnswer, RoomAlert } from '../engine/protocol.ts';
import { mayAlarm, openAlerts } from './open-alerts.ts';

const now = Date.parse('2026-11-28T14:06:00Z');
const me = '@lars:polizei.hessen.test';

function anAlert(eventId: string, changes: Partial<RoomAlert['alert']> = {}, sentAt = now - 1_000): RoomAlert {
  const attachment = {
    name: 'foto.jpg',
    mimeType: 'image/jpeg',
    bytes: 1,
    source: 's',
    width: 3,
    height: 4,
    blurhash: null,
    thumbnail: null,
  };
  const alert = {
    kind: 'wanted',
    urgency: 'alarm',
    reference: 'F-26-1187',
    place: '',
    validUntil: now + 3_600_000,
    mustAcknowledge: true,
    ...changes,
  } as const;
  return {
    eventId,
    senderId: '@ole:polizei.hessen.test',
    sentAt,
    alert,
    body: { kind: 'image', attachment, caption: null },
  };
}

function open(alerts: readonly RoomAlert[], answers: Record<string, AlertAnswer> = {}): unknown[] {
  return openAlerts([{ roomId: '!a', alerts }], { userId: me, answers, now }).map(({ eventId, answer }) => [
    eventId,
    answer,
  ]);
}

describe('what stands above the chats', () => {
  it.each<[string, RoomAlert, Record<string, AlertAnswer>, unknown[]]>([
    ['an alert that nobody has answered', anAlert('$a'), {}, [['$a', null]]],
    ['one’s own', { ...anAlert('$a'), senderId: me }, {}, []],
    ['one that is over in this moment', anAlert('$a', { validUntil: now }), {}, []],
    ['one answered a moment ago', anAlert('$a'), { $a: { act: 'on-it', at: now - 59_999 } }, [['$a', 'on-it']]],
    ['one answered a minute ago', anAlert('$a'), { $a: { act: 'acknowledged', at: now - 60_000 } }, []],
    ['one whose answer was taken back', anAlert('$a'), { $a: { act: 'withdrawn', at: now - 1 } }, [['$a', null]]],
  ])('%s', (_what, alert, answers, expected) => {
    expect(open([alert], answers)).toEqual(expected);
  });

  it('is in order: what waits for an answer first, then the most urgent, then the newest', () => {
    const alerts = [
      anAlert('$notice', { urgency: 'notice' }),
      anAlert('$older', { urgency: 'urgent' }, now - 9_000),
      anAlert('$newer', { urgency: 'urgent' }, now - 2_000),
      anAlert('$answered'),
      anAlert('$alarm'),
    ];
    const answers = { $answered: { act: 'acknowledged', at: now - 1_000 } } as const;
    expect(open(alerts, answers).map((entry) => Object(entry)[0])).toEqual([
      '$alarm',
      '$newer',
      '$older',
      '$notice',
      '$answered',
    ]);
  });
});

describe('an alarm', () => {
  it.each([
    ['who holds a post', { posts: ['Leitstelle Nordhessen'] }, 'everyone', true],
    ['who holds none', { posts: [] }, 'everyone', false],
    ['who holds none, where only named ones write', { posts: [] }, 'named', true],
    ['whom nobody knows', null, 'everyone', false],
  ] as const)('is for %s: %s', (_who, sender, posting, allowed) => {
    expect(mayAlarm(sender, posting)).toBe(allowed);
  });
});
