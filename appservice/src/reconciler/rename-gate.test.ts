import { expect, test } from 'vitest';
import type { Organisation } from '#contract/organisation.ts';
import { land, organisationOf } from '../organisation/test-organisations.ts';
import { checkRenames } from './rename-gate.ts';

interface Name {
  readonly id: string;
  readonly previously?: string;
}

const plain = { body: { id: 'amt' }, unit: { id: 'referat' }, room: { id: 'lage' } };

function called(names: Partial<Record<'body' | 'unit' | 'room', Name>>): Organisation {
  const { body, unit, room } = { ...plain, ...names };
  return organisationOf([
    {
      ...body,
      short: 'Amt',
      name: 'Amt',
      server: land,
      units: [{ id: 'abteilung', name: 'Abteilung', units: [{ ...unit, name: 'Referat' }] }],
      rooms: [{ ...room, class: 'gemeinsam', name: 'Lage', members: [{ body: body.id }] }],
      announcers: [{ body: body.id }],
    },
  ]);
}

const once = called({
  body: { id: 'amt-2', previously: 'amt' },
  unit: { id: 'referat-2', previously: 'referat' },
  room: { id: 'lage-2', previously: 'lage' },
});

test('called otherwise a second time by its second id only: refused, and told which id to write', () => {
  const body = { id: 'amt-2', previously: 'amt' };
  const unit = { id: 'referat-3', previously: 'referat-2' };
  const room = { id: 'lage-3', previously: 'lage-2' };
  expect(checkRenames(once, called({ body, unit, room }))).toEqual([
    {
      gate: 'renamed-twice',
      message:
        'unit/amt-2/referat-3 would get a new room: what is called referat-2 now was made as referat. Write "previously: referat".',
    },
    {
      gate: 'renamed-twice',
      message:
        'room/amt-2/lage-3 would get a new room: what is called lage-2 now was made as lage. Write "previously: lage".',
    },
  ]);
});

test('a body, too', () => {
  const [refusal] = checkRenames(once, called({ body: { id: 'amt-3', previously: 'amt-2' } }));
  expect(refusal?.message).toContain('body/amt-3 would get a new room');
  expect(refusal?.message).toContain('Write "previously: amt".');
});

test('the first rename, one that goes on naming the first id, and the way back pass', () => {
  const body = { id: 'amt-3', previously: 'amt' };
  const unit = { id: 'referat-3', previously: 'referat' };
  const room = { id: 'lage-3', previously: 'lage' };
  expect(checkRenames(called({}), once)).toEqual([]);
  expect(checkRenames(once, called({ body, unit, room }))).toEqual([]);
  expect(checkRenames(once, called({}))).toEqual([]);
  expect(checkRenames(once, once)).toEqual([]);
});
