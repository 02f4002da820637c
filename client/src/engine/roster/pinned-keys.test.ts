import { expect, test } from 'vitest';
import { serverNameSchema } from '#contract/ids.ts';
import { keysFor } from './pinned-keys.ts';

const pinned = {
  rosterKeys: ['own', 'own next'],
  partners: [{ server: serverNameSchema.parse('polizei.hessen.test'), rosterKeys: ['police'] }],
};

test.each([
  ['the own bot', '@landbote:land.hessen.test', pinned.rosterKeys],
  ['a partner’s bot', '@landbote:polizei.hessen.test', ['police']],
  ['somebody of a partner who is not its bot', '@dirk.streife:polizei.hessen.test', pinned.rosterKeys],
  ['the bot of a server that is no partner', '@landbote:fremd.test', pinned.rosterKeys],
  ['nobody knows whom', null, pinned.rosterKeys],
])('in a room made by %s count those keys and no others', (_who, creatorId, keys) => {
  expect(keysFor(creatorId, pinned)).toEqual(keys);
});
