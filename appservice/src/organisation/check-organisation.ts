/**
 * What holds across the files of a declaration: every id once, every reference known, every room allowed.
 */
import type { BodyDeclaration, TrustDomainDeclaration } from '#contract/organisation.ts';
import type { RoomClasses } from '#contract/room-class.ts';
import { checkApprovers, checkApproversOfServers } from './check-approvers.ts';
import { checkBody } from './check-body.ts';
import { checkConversations } from './check-conversations.ts';
import { createChecker, type Checker } from './checker.ts';
import type { Declaration, Located } from './declaration.ts';
import type { Diagnostic } from './diagnostic.ts';
import { buildKnownNames } from './known-names.ts';

/** All faults that no single file shows. */
export function checkOrganisation(declaration: Declaration): Diagnostic[] {
  const { domain, roomClasses, bodies } = declaration;
  const diagnostics: Diagnostic[] = [];
  if (domain !== null) checkDomain(domain.value, createChecker(domain.file, diagnostics));
  checkUnique(bodies, diagnostics);
  checkFirstIds(bodies, diagnostics);
  checkChains(bodies, diagnostics);
  if (roomClasses !== null) checkClasses(roomClasses.value, createChecker(roomClasses.file, diagnostics));
  const known = buildKnownNames(declaration);
  for (const { file, value } of bodies) checkBody(value, known, createChecker(file, diagnostics));
  if (!declaration.isComplete) return diagnostics;
  checkApprovers(bodies, diagnostics);
  if (diagnostics.length === 0) checkApproversOfServers(bodies, diagnostics);
  return diagnostics;
}

function checkDomain({ id, servers, conversations, partners = [] }: TrustDomainDeclaration, checker: Checker): void {
  if (conversations !== undefined) checkConversations(conversations, checker);
  checker.reportDuplicates(
    servers.map(({ name }, index) => ({ id: name, path: ['servers', index, 'name'] })),
    'homeserver',
  );
  checker.reportDuplicates(
    partners.map((partner, index) => ({ id: partner.domain, path: ['partners', index, 'domain'] })),
    'partner',
  );
  const own = new Set<string>(servers.map(({ name }) => name));
  for (const [index, { domain, server, through }] of partners.entries()) {
    const path = ['partners', index];
    if (domain === id || own.has(server)) {
      checker.report(
        path,
        `${domain} is this trust domain itself.`,
        'A partner is another trust domain, on a homeserver of its own.',
      );
    }
    if (!own.has(through)) {
      checker.report(
        [...path, 'through'],
        `${through} is no homeserver of this trust domain.`,
        `Name one of ${[...own].join(', ')}.`,
      );
    }
  }
}

/** Only these classes are for rooms of two trust domains; any other would let one in beside its agreement. */
const classesOfAgreements: ReadonlySet<string> = new Set(['verbund', 'liaison']);

function checkClasses(classes: RoomClasses, checker: Checker): void {
  for (const [name, { federation }] of Object.entries(classes)) {
    if (federation === 'own' || classesOfAgreements.has(name)) continue;
    checker.report([name, 'federation'], `Rooms of class ${name} would mix trust domains.`, 'Write federation: own.');
  }
}

/** A body that is subordinate to itself stands nowhere in the tree. */
function checkChains(bodies: readonly Located<BodyDeclaration>[], diagnostics: Diagnostic[]): void {
  const above = new Map(bodies.map(({ value }) => [value.id, value.partOf]));
  for (const { file, value } of bodies) {
    const seen = new Set<string>();
    let next = value.partOf;
    while (next !== undefined && !seen.has(next)) {
      seen.add(next);
      next = above.get(next);
    }
    if (!seen.has(value.id)) continue;
    const message = `${value.id} would be subordinate to itself, by ${[...seen].join(', ')}.`;
    createChecker(file, diagnostics).report(['partOf'], message, 'Take partOf out of one of these bodies.');
  }
}

/** Ids of bodies and of people are unique in the whole trust domain: a person keeps theirs when they move. */
function checkUnique(bodies: readonly Located<BodyDeclaration>[], diagnostics: Diagnostic[]): void {
  const bodyFiles = new Map<string, string>();
  const peopleFiles = new Map<string, string>();
  for (const { file, value: body } of bodies) {
    const checker = createChecker(file, diagnostics);
    reportSecond(bodyFiles, body.id, file.path, (first) => {
      checker.report(['id'], `The body ${body.id} is declared in ${first} too.`, 'Give one of the two another id.');
    });
    for (const [index, { id }] of body.people.entries()) {
      reportSecond(peopleFiles, id, file.path, (first) => {
        const message = `The person ${id} is declared in ${first} already.`;
        checker.report(['people', index, 'id'], message, 'Declare each person once, with an id of their own.');
      });
    }
  }
}

/** Two bodies must not claim the same rooms. */
function checkFirstIds(bodies: readonly Located<BodyDeclaration>[], diagnostics: Diagnostic[]): void {
  const claimed = new Set(bodies.map(({ value }) => value.id));
  for (const { file, value } of bodies) {
    if (value.previously === undefined) continue;
    if (claimed.has(value.previously)) {
      const message = `The rooms of ${value.previously} belong to another body already.`;
      createChecker(file, diagnostics).report(['previously'], message, 'Correct the name, or take "previously" out.');
    }
    claimed.add(value.previously);
  }
}

function reportSecond(files: Map<string, string>, id: string, file: string, report: (first: string) => void): void {
  const first = files.get(id);
  if (first === undefined) files.set(id, file);
  else report(first);
}
