/** What the reference organisation must contain, because tests and demonstrations build on it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildDirectory, peopleOfRule } from '#appservice/organisation/directory.ts';
import { loadOrganisation } from '#appservice/organisation/load-organisation.ts';
import { rolesOf } from '#contract/grants.ts';
import type { Organisation, Role, RoomDeclaration } from '#contract/organisation.ts';

const folder = join(import.meta.dirname, '../../synapse-config/organisation');
const land = await load('land');
const polizei = await load('polizei');

async function load(domain: string): Promise<Organisation> {
  const result = await loadOrganisation([join(folder, 'room-classes.yaml'), join(folder, domain)]);
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics, null, 2));
  return result.organisation;
}

function peopleWith(organisation: Organisation, role: Role): readonly string[] {
  const people = organisation.bodies.flatMap((body) => body.people);
  return people.filter(({ roles }) => rolesOf({ roles }).includes(role)).map(({ id }) => id);
}

function bodiesIn(organisation: Organisation, room: RoomDeclaration): readonly string[] {
  const directory = buildDirectory(organisation);
  return [...new Set(room.members.flatMap((rule) => peopleOfRule(directory, rule)).map(({ body }) => body.id))];
}

const ministries = ['stk', 'hmind', 'hmdis', 'hmdf', 'hmdj', 'hkm', 'hmwk', 'hmwevw', 'hmuklv', 'hmsi'];
const offices = ['rp-kassel', 'hlfs', 'hessenforst', 'nationalparkamt', 'llh', 'hzd'];
const headquarters = [
  'nordhessen',
  'mittelhessen',
  'osthessen',
  'suedosthessen',
  'suedhessen',
  'westhessen',
  'frankfurt',
];

describe('the reference organisation', () => {
  it('has all ministries, offices and police authorities', () => {
    const ids = (organisation: Organisation) => organisation.bodies.map(({ id }) => id);
    expect(ids(land)).toEqual(expect.arrayContaining([...ministries, ...offices]));
    expect(ids(polizei).toSorted()).toEqual(
      ['lpp', 'hlka', 'hbpp', 'hpt', ...headquarters.map((name) => `pp-${name}`)].toSorted(),
    );
  });

  it('has at least 40 people, two in each ministry', () => {
    const people = [...land.bodies, ...polizei.bodies].flatMap((body) => body.people);
    expect(people.length).toBeGreaterThanOrEqual(40);
    const lonely = land.bodies.filter(({ id, people }) => ministries.includes(id) && people.length < 2);
    expect(lonely.map(({ id }) => id)).toEqual([]);
  });

  it.each([land, polizei])('has everybody that administration of $domain.id takes', (organisation) => {
    expect(peopleWith(organisation, 'provisioner')).toHaveLength(2);
    expect(peopleWith(organisation, 'approver').length).toBeGreaterThanOrEqual(2);
    expect(peopleWith(organisation, 'auditor')).toHaveLength(1);
    expect(peopleWith(organisation, 'data-protection')).toHaveLength(1);
  });

  it('has at least three rooms over several ministries, and one over HKM and the schools’ server', () => {
    const shared = land.bodies.flatMap(({ rooms }) => rooms).filter((room) => room.class === 'gemeinsam');
    const overMinistries = shared.filter(
      (room) => bodiesIn(land, room).filter((body) => ministries.includes(body)).length > 1,
    );
    expect(overMinistries.length).toBeGreaterThanOrEqual(3);
    expect(shared.map((room) => bodiesIn(land, room))).toContainEqual(
      expect.arrayContaining(['hkm', 'grundschule-eichwald']),
    );
  });
});
