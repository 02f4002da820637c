import { expect, test } from 'vitest';
import { reachOf } from './reach.ts';

const land = {
  servers: [{ name: 'land.hessen.test' }, { name: 'schule.hessen.test' }],
  partners: [{ server: 'polizei.hessen.test', name: 'Polizei Hessen' }],
};
const [clerk, teacher] = ['@sabine.lage:land.hessen.test', '@tom.lehrer:schule.hessen.test'];
const [patrol, otherPatrol] = ['@dirk.streife:polizei.hessen.test', '@eva.streife:polizei.hessen.test'];

test.each([
  ['the servers of the own trust domain', ['land.hessen.test', 'schule.hessen.test'], [clerk, teacher], 2, []],
  ['a partner', ['land.hessen.test', 'polizei.hessen.test'], [clerk, patrol, otherPatrol], 1, [['Polizei Hessen', 2]]],
  ['a partner of whom nobody has come yet', ['polizei.hessen.test'], [clerk], 1, [['Polizei Hessen', 0]]],
  [
    'a server whose people are in it, whatever the room says',
    ['land.hessen.test'],
    [patrol],
    0,
    [['Polizei Hessen', 1]],
  ],
  ['a server that nobody declared', ['fremd.test'], [clerk, '@x:fremd.test'], 1, [['fremd.test', 1]]],
] as const)('%s reads along or not', (_what, admitted, members, insiders, outside) => {
  const expected = outside.map(([name, people]) => ({ name, people }));
  expect(reachOf(admitted, members, land)).toEqual({ insiders, outside: expected });
});
