import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRoomsAnswer } from './parse-rooms-answer.ts';

const event = {
  event_id: '$1',
  type: 'm.room.message',
  sender: '@katrin:land.hessen.test',
  origin_server_ts: 1,
  content: { msgtype: 'm.text', body: 'Moin' },
};

describe('parseRoomsAnswer', () => {
  it('leaves out a malformed event and a malformed room, counts both and takes the rest', () => {
    const rooms = {
      '!a': { timeline: [event, { ...event, sender: 7 }, null] },
      '!b': 'none',
      '!c': { timeline: [event] },
    };
    const answer = parseRoomsAnswer({ pos: '1', rooms });
    expect([...answer.rooms.keys()]).toEqual(['!a', '!c']);
    expect(answer.rooms.get('!a')?.timeline.map(({ event_id }) => event_id)).toEqual(['$1']);
    expect(answer.skipped).toBe(3);
  });

  it('reads the own and private receipts', () => {
    const content = { $1: { 'm.read': { '@a:b': { ts: 5 } }, 'm.read.private': { '@c:b': { ts: 6 } } } };
    const answer = parseRoomsAnswer({ pos: '1', extensions: { receipts: { rooms: { '!a': { content } } } } });
    expect(answer.receipts.get('!a')).toEqual([
      { eventId: '$1', userId: '@a:b', isPrivate: false, at: 5 },
      { eventId: '$1', userId: '@c:b', isPrivate: true, at: 6 },
    ]);
  });

  it('takes an answer whatever its parts are, as long as it has a position', () => {
    const part = fc.anything();
    const room = fc.record(
      {
        initial: part,
        limited: part,
        timeline: fc.oneof(part, fc.array(part)),
        required_state: part,
        invite_state: part,
        heroes: part,
        num_live: part,
      },
      { requiredKeys: [] },
    );
    const extensions = fc.record({
      account_data: part,
      receipts: part,
      typing: fc.record({ rooms: fc.dictionary(fc.string(), part) }),
    });
    const answer = fc.record({
      pos: fc.constant('1'),
      lists: part,
      rooms: fc.oneof(part, fc.dictionary(fc.string(), fc.oneof(part, room))),
      extensions: fc.oneof(part, extensions),
    });
    const takes = fc.property(answer, (body) => {
      expect(parseRoomsAnswer(body).pos).toBe('1');
    });
    fc.assert(takes, { numRuns: 1_000 });
  });
});
