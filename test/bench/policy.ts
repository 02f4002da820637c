/** How long the homeserver waits for one decision of the policy, without the way there and back. */
import { performance } from 'node:perf_hooks';
import { serverNameSchema } from '#contract/ids.ts';
import { decide } from '#appservice/wall/decide.ts';
import { parseWallRequest, type WallCallback } from '#appservice/wall/wall-request.ts';
import type { WallSnapshot } from '#appservice/wall/wall-snapshot.ts';
import { percentile } from './statistics.ts';

export interface PolicyResult {
  readonly decisions: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const land = serverNameSchema.parse('land.hessen.test');
const bot = '@landbote:land.hessen.test';
const sisterBot = '@landbote:schule.hessen.test';
const origin = { domain: 'land', class: 'direkt', address: 'conversation/1', body: null };
const create = { type: 'm.room.create', state_key: '', sender: sisterBot, content: { 'de.landbote.room': origin } };
/** An invitation brings up to a hundred entries of stripped state. */
const strippedState = [create, ...Array.from({ length: 99 }, () => ({ ...create, type: 'm.room.name', content: {} }))];
const rooms = Array.from({ length: 200_000 }, (_, index) => `!room-${index}`);
const knownRooms: ReadonlySet<string> = new Set(rooms);

const snapshot: WallSnapshot = {
  serverName: land,
  domain: 'land',
  domainServers: new Set([land, 'schule.hessen.test']),
  isLedRoom: (roomId) => knownRooms.has(roomId),
  isKnownRoom: (roomId) => knownRooms.has(roomId),
  isMember: false,
  isAgreedInvitation: false,
  isAgreedJoin: null,
};

function question(index: number): [WallCallback, unknown] {
  const person = `@person-${index}:land.hessen.test`;
  const room = rooms[index % rooms.length];
  const invitation = {
    event: {
      type: 'm.room.member',
      room_id: `!new-${index}`,
      sender: sisterBot,
      state_key: person,
      content: { membership: 'invite' },
      unsigned: { invite_room_state: strippedState },
    },
  };
  const questions: readonly [WallCallback, unknown][] = [
    ['user_may_create_room', { user_id: person }],
    ['user_may_invite', { inviter: bot, invitee: person, room_id: room }],
    ['user_may_join_room', { user: person, room, is_invited: true }],
    ['federated_user_may_invite', invitation],
  ];
  return questions[index % questions.length] ?? ['user_may_create_room', {}];
}

/** Parses and decides `decisions` questions of four kinds in turn, each timed by itself; 200,000 rooms are known. */
export function benchPolicy(decisions: number): PolicyResult {
  const durationsMs = Array.from({ length: decisions }, (_, index) => {
    const [callback, payload] = question(index);
    const startedAt = performance.now();
    const request = parseWallRequest(callback, payload);
    if (request === null) throw new Error(`${callback} is malformed`);
    decide(request, snapshot);
    return performance.now() - startedAt;
  }).toSorted((left, right) => left - right);
  return { decisions, p50Ms: percentile(durationsMs, 0.5), p99Ms: percentile(durationsMs, 0.99) };
}
