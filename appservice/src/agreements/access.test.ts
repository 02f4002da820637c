import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RoomOrigin } from '#contract/event-content.ts';
import { botOf, roomIdSchema, type UserId } from '#contract/ids.ts';
import { mayInvite, mayJoin, type AgreedContext, type AskedInvitation } from './access.ts';
import type { Agreement } from './agreement.ts';
import {
  accepted,
  dayMs,
  endsAt,
  jointRoom,
  land,
  landPartner,
  officer,
  ownedAgreement,
  partneredAgreement,
  person,
  police,
  policePartner,
  proposal,
  terms,
  twoConsents,
} from './test-agreements.ts';

const landBot = botOf(land);
const policeBot = botOf(police);
const pia = officer('pia.streife');
const jana = person('jana.mueller');
const address = `agreement/${terms.id}`;
const elsewhere = roomIdSchema.parse('!elsewhere');
const origin: RoomOrigin = { domain: 'land', class: 'verbund', address, body: null };
const liaison: RoomOrigin = { domain: 'land', class: 'liaison', address: 'liaison/polizei', body: null };

const now = endsAt - dayMs;
const openOwned = ownedAgreement({ consents: twoConsents, heard: accepted, room: jointRoom });
const openPartnered = partneredAgreement({ consents: twoConsents, heard: { ...proposal, room: jointRoom } });

const atLand = (agreement: Agreement, at = now): AgreedContext => ({
  serverName: land,
  partners: [policePartner],
  agreements: [agreement],
  liaisons: new Map(),
  now: at,
});
const atPolice = (agreement: Agreement, at = now): AgreedContext => ({
  serverName: police,
  partners: [landPartner],
  agreements: [agreement],
  liaisons: new Map(),
  now: at,
});

const out: AskedInvitation = { inviter: landBot, invitee: pia, room: jointRoom, address, origin: null };
const incoming: AskedInvitation = { inviter: landBot, invitee: pia, room: jointRoom, address: null, origin };

describe('the side that leads invites', () => {
  test.each<[string, Partial<AskedInvitation>, AgreedContext, boolean]>([
    ['whom the partner named', {}, atLand(openOwned), true],
    ['an officer whom nobody named', { invitee: officer('other') }, atLand(openOwned), false],
    ['a named officer into another room', { address: 'room/hmdf/haushalt' }, atLand(openOwned), false],
    ['a named officer into a room that is not led here', { address: null }, atLand(openOwned), false],
    ['before the partner has answered', {}, atLand({ ...openOwned, heard: null }), false],
    ['with the consent of one person', {}, atLand({ ...openOwned, consents: twoConsents.slice(0, 1) }), false],
    ['after the end date', {}, atLand(openOwned, endsAt), false],
    ['after the partner has ended it', {}, atLand({ ...openOwned, heard: { ...accepted, isOver: true } }), false],
    ['by somebody who is not the bot', { inviter: jana }, atLand(openOwned), false],
    [
      'the partner’s bot into the liaison room',
      { invitee: policeBot, address: 'liaison/polizei' },
      atLand(openOwned),
      true,
    ],
    ['the partner’s bot into the joint room', { invitee: policeBot }, atLand(openOwned), false],
    ['an officer into the liaison room', { address: 'liaison/polizei' }, atLand(openOwned), false],
  ])('%s', (_what, changes, context, expected) => {
    expect(mayInvite({ ...out, ...changes }, context)).toBe(expected);
  });
});

describe('the side that takes part is invited', () => {
  test.each<[string, Partial<AskedInvitation>, AgreedContext, boolean]>([
    ['a person it named, into the room that the owner named', {}, atPolice(openPartnered), true],
    ['before the owner’s word about the room is here', {}, atPolice({ ...openPartnered, heard: proposal }), true],
    ['into another room than the owner named', { room: elsewhere }, atPolice(openPartnered), false],
    [
      'into a room that was made for something else',
      { origin: { ...origin, address: 'agreement/other' } },
      atPolice({ ...openPartnered, heard: proposal }),
      false,
    ],
    ['into a room of another class', { origin: { ...origin, class: 'einheit' } }, atPolice(openPartnered), false],
    ['a person it did not name', { invitee: officer('other') }, atPolice(openPartnered), false],
    ['by a person of the partner', { inviter: jana }, atPolice(openPartnered), false],
    ['before two have consented', {}, atPolice({ ...openPartnered, consents: twoConsents.slice(0, 1) }), false],
    [
      'after it ended the agreement',
      {},
      atPolice({ ...openPartnered, end: { by: pia, at: 1, reason: 'vorbei' } }),
      false,
    ],
    [
      'its bot into the liaison room of the partner',
      { invitee: policeBot, origin: liaison },
      atPolice(openPartnered),
      true,
    ],
    ['its bot into any other room', { invitee: policeBot }, atPolice(openPartnered), false],
    [
      'its bot by a partner that is not declared',
      { invitee: policeBot, origin: liaison },
      { ...atPolice(openPartnered), partners: [] },
      false,
    ],
  ])('%s', (_what, changes, context, expected) => {
    expect(mayInvite({ ...incoming, ...changes }, context)).toBe(expected);
  });
});

test('without a declared partner and without an agreement nobody comes through, whoever asks for what', () => {
  const users = fc.constantFrom<UserId>(landBot, policeBot, pia, jana);
  const asked = fc.record({
    inviter: users,
    invitee: users,
    room: fc.constantFrom(jointRoom, elsewhere),
    address: fc.constantFrom(null, address, 'liaison/polizei'),
    origin: fc.constantFrom(null, origin, liaison),
  });
  const serverName = fc.constantFrom(land, police);
  fc.assert(
    fc.property(asked, serverName, (invitation, server) => {
      expect(
        mayInvite(invitation, { serverName: server, partners: [], agreements: [], liaisons: new Map(), now }),
      ).toBe(false);
    }),
  );
});

test('the bot alone joins the liaison room of a declared partner', () => {
  const context = { ...atPolice(openPartnered), liaisons: new Map([['land', elsewhere]]) };
  expect([policeBot, pia].map((user) => mayJoin(user, elsewhere, context))).toEqual([true, false]);
  expect(mayJoin(policeBot, elsewhere, { ...context, partners: [] })).toBeNull();
});

describe('joining a room that the partner leads', () => {
  test.each([
    ['a person who was named', pia, jointRoom, openPartnered, true],
    ['a person who was not named', officer('other'), jointRoom, openPartnered, false],
    [
      'a named person, when it is over',
      pia,
      jointRoom,
      { ...openPartnered, end: { by: pia, at: 1, reason: 'vorbei' } },
      false,
    ],
    ['a room of no agreement', pia, elsewhere, openPartnered, null],
  ] as const)('%s', (_what, person, room, agreement, expected) => {
    expect(mayJoin(person, room, atPolice(agreement))).toBe(expected);
  });
});
