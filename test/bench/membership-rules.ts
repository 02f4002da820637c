/**
 * What the rules inside the homeserver (docs/adr/0019) add to a membership: the bot's invitation and the person's join, at
 * two copies of one homeserver, one with the rules and one without, in turn, each time in a new room of the organisation.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import { startStack, type Stack } from '#stack/stack.ts';
import type { StackFile } from '#stack/stack-file.ts';
import { roomOfLand } from '../federation/rooms.ts';
import type { HomeserverCopy } from '../harness/federation/homeserver-copy/homeserver-copy.ts';
import { openWayOut } from '../harness/federation/homeserver-copy/way-out.ts';
import { accepted, roomPath } from '../harness/matrix/rooms.ts';
import { signIn, type MatrixSession } from '../harness/matrix/session.ts';
import { writeBody } from './bench-organisation.ts';
import { benchFolder, land } from './bench-stack.ts';
import { domainOf, startCopy } from './homeserver-copies.ts';
import { summarise, type Summary } from './statistics.ts';

interface Costs {
  readonly invitation: Summary;
  readonly join: Summary;
}

export interface MembershipRulesResult {
  readonly withRules: Costs;
  readonly without: Costs;
}

const warmUpRounds = 10;
const unlimited = { per_second: 1000, burst_count: 1000 };
/** The limits on a person's joins and invitations would be all that is measured. */
const overrides = new Map([
  [land, { rc_joins: { local: unlimited }, rc_invites: { per_user: unlimited }, rc_joins_per_room: unlimited }],
]);

/** `rounds` rooms each way. */
export async function benchMembershipRules(rounds: number, portBase: number): Promise<MembershipRulesResult> {
  const folder = join(benchFolder, 'membership-rules');
  const declaration = join(folder, 'declaration');
  const person = { id: 'mona.messung', name: 'Mona Messung' };
  await writeBody(declaration, 'messung', {
    id: 'messung',
    short: 'Messung',
    name: 'Messung',
    server: land,
    people: [person],
    announcers: [{ person: person.id }],
  });
  const declarations = new Map([['land', declaration]]);
  const stack = await startStack({ folder, portBase, servers: [land], declarations, overrides, reset: true });
  const wayOut = await closedWayOut(stack);
  const copies = await Promise.all([true, false].map((rules) => startCopy(stack.file, wayOut, { rules })));
  try {
    const [withRules, without] = await Promise.all(copies.map((copy) => enter(copy, stack.file)));
    if (withRules === undefined || without === undefined) throw new Error('Two copies are needed.');
    return await measure({ withRules, without }, rounds);
  } finally {
    await Promise.all(copies.map((copy) => copy.stop()));
    await wayOut.close();
  }
}

/** The copies are made of what the stack leaves behind, and reach nobody. */
async function closedWayOut(stack: Stack) {
  await stack.stop();
  return openWayOut(stack.file, new Map());
}

interface Homeserver {
  readonly bot: MatrixSession;
  readonly person: MatrixSession;
}

async function enter({ clientApiUrl, bot }: HomeserverCopy, stack: StackFile): Promise<Homeserver> {
  const [person] = domainOf(stack, land).people;
  if (person === undefined) throw new Error('Nobody is declared.');
  return { bot, person: await signIn(clientApiUrl, person.userId, person.password) };
}

async function measure(
  homeservers: { readonly withRules: Homeserver; readonly without: Homeserver },
  rounds: number,
): Promise<MembershipRulesResult> {
  const took = { withRules: emptyCourse(), without: emptyCourse() };
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    // Whichever comes second meets what the first has left to do, so they take turns in that too.
    const ways = round % 2 === 0 ? (['withRules', 'without'] as const) : (['without', 'withRules'] as const);
    for (const way of ways) {
      const { invitationMs, joinMs } = await bring(homeservers[way]);
      if (round < 0) continue;
      took[way].invitation.push(invitationMs);
      took[way].join.push(joinMs);
    }
  }
  return { withRules: costsOf(took.withRules), without: costsOf(took.without) };
}

interface Course {
  readonly invitation: number[];
  readonly join: number[];
}

const emptyCourse = (): Course => ({ invitation: [], join: [] });
const costsOf = ({ invitation, join: joins }: Course): Costs => ({
  invitation: summarise(invitation),
  join: summarise(joins),
});

async function bring({ bot, person }: Homeserver): Promise<{ invitationMs: number; joinMs: number }> {
  const roomId = await createRoom(bot);
  const begun = performance.now();
  accepted(await bot.request('POST', roomPath(roomId, 'invite'), { user_id: person.userId }));
  const invited = performance.now();
  accepted(await person.request('POST', roomPath(roomId, 'join'), {}));
  return { invitationMs: invited - begun, joinMs: performance.now() - invited };
}

const createdSchema = z.object({ room_id: roomIdSchema });

/** A room that the rules know as one of the organisation. */
async function createRoom(bot: MatrixSession): Promise<RoomId> {
  const acl = { allow: [land], deny: [], allow_ip_literals: false };
  const answer = await bot.request('POST', '/v3/createRoom', {
    room_version: '12',
    preset: 'private_chat',
    creation_content: roomOfLand,
    initial_state: [{ type: 'm.room.server_acl', state_key: '', content: acl }],
  });
  return createdSchema.parse(accepted(answer)).room_id;
}
