/** What people of two trust domains do with an agreement, and what they wait for. */
import { z } from 'zod';
import { agreementSchema, agreementsSchema, partnersSchema, type AgreementView } from '#contract/agreement.ts';
import { botOf, roomIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import { accepted, joinedMembers, readState } from '#test/harness/matrix/rooms.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { askPatiently } from './patiently.ts';
import type { TwoDomains } from './two-domains.ts';
import { clerk, firstOfficer, land, landApprover, patrol, proposer, secondOfficer } from './two-organisations.ts';

const hourMs = 60 * 60 * 1000;

/** Proposes; the second person of the owner has not consented yet. */
export async function propose(domains: TwoDomains, changes: object = {}): Promise<AgreementView> {
  const body = {
    partner: 'polizei',
    name: 'Hochwasser Eder',
    purpose: 'Gemeinsame Lage beim Hochwasser an der Eder.',
    endsAt: new Date(Date.now() + hourMs).toISOString(),
    members: [{ unit: 'stab/lage' }],
    partnerPeople: [patrol],
    ...changes,
  };
  const answer = await (await domains.api(proposer)).request('POST', '/agreements', body);
  return agreementSchema.parse(answer.body);
}

export async function consent(
  domains: TwoDomains,
  person: UserId,
  { terms, digest }: AgreementView,
): Promise<AgreementView> {
  const answer = await (await domains.api(person)).request('POST', `/agreements/${terms.id}/consent`, { digest });
  return agreementSchema.parse(answer.body);
}

/** The agreement as this person's side knows it, once it is in `phase`. */
export async function untilPhase(
  domains: TwoDomains,
  person: UserId,
  id: string,
  phase: AgreementView['phase'],
  limitMs?: number,
): Promise<AgreementView> {
  const hasCome = (body: unknown) =>
    agreementsSchema.parse(body).agreements.find(({ terms, phase: reached }) => terms.id === id && reached === phase);
  const what = `the agreement that is ${phase} at ${person}`;
  return askPatiently(what, await domains.api(person), '/agreements', hasCome, limitMs);
}

/** Proposes, and has all four people consent. */
export async function agree(domains: TwoDomains, changes: object = {}): Promise<AgreementView> {
  const proposed = await propose(domains, changes);
  await consent(domains, landApprover, proposed);
  await untilPhase(domains, firstOfficer, proposed.terms.id, 'received');
  await consent(domains, firstOfficer, proposed);
  await consent(domains, secondOfficer, proposed);
  return untilPhase(domains, landApprover, proposed.terms.id, 'open');
}

/** The room's id, once exactly `people` and the owner's bot are in it. */
export function untilTogether(
  domains: TwoDomains,
  { terms }: AgreementView,
  people: readonly UserId[],
): Promise<RoomId> {
  const expected = [botOf(land), ...people].toSorted();
  return waitUntil(`${people.join(', ')} in the joint room`, async () => {
    const { room } = await untilPhase(domains, landApprover, terms.id, 'open');
    if (room === null) return undefined;
    const members = joinedMembers(await readState(await domains.matrix(clerk), room).catch(() => []));
    return JSON.stringify(members.toSorted()) === JSON.stringify(expected) ? room : undefined;
  });
}

export async function invitationsOf(domains: TwoDomains, person: UserId): Promise<readonly RoomId[]> {
  const sync = await (await domains.matrix(person)).request('GET', '/v3/sync?timeout=0');
  const { rooms } = z
    .object({ rooms: z.object({ invite: z.record(z.string(), z.unknown()).default({}) }).default({ invite: {} }) })
    .parse(sync.body);
  return Object.keys(rooms.invite).map((room) => roomIdSchema.parse(room));
}

export async function endBy(domains: TwoDomains, person: UserId, { terms }: AgreementView): Promise<void> {
  const api = await domains.api(person);
  accepted(await api.request('POST', `/agreements/${terms.id}/end`, { reason: 'Einsatz vorbei' }));
}

export const refusedSchema = z.object({ code: z.string() });

/** Each side has seen that the other one signs with the declared key. */
export async function untilKeysAreConfirmed(domains: TwoDomains, people: readonly UserId[]): Promise<void> {
  for (const person of people) {
    await askPatiently(`the partner's key at ${person}`, await domains.api(person), '/partners', (body) =>
      partnersSchema.parse(body).partners.every(({ isKeyConfirmed }) => isKeyConfirmed === true) ? true : undefined,
    );
  }
}
