import { array, assert, constant, constantFrom, nat, property, record, shuffledSubarray, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { answersIn } from './answers.ts';

const notes = array(
  record({
    eventId: constantFrom('$a', '$b'),
    kind: constantFrom('arrived', 'displayed', 'acknowledged', 'on-it', 'withdrawn'),
    // A person does one thing at a time.
    at: nat(),
  }),
);
const oneAtATime = notes.map((list) => Array.from(new Map(list.map((note) => [note.at, note])).values()));

it('takes the last act, and nothing that a device says by itself', () => {
  const said = [
    { eventId: '$a', kind: 'arrived', at: 9 },
    { eventId: '$a', kind: 'on-it', at: 2 },
    { eventId: '$a', kind: 'acknowledged', at: 1 },
    { eventId: '$b', kind: 'displayed', at: 3 },
  ];
  expect(answersIn(said)).toEqual({ $a: { act: 'on-it', at: 2 } });
});

it('does not depend on the order in which acts are known, nor on how often', () => {
  assert(
    property(
      oneAtATime.chain((list) => tuple(constant(list), shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        expect(answersIn([...shuffled, ...shuffled])).toEqual(answersIn(list));
      },
    ),
  );
});
