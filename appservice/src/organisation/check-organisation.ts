/**
 * What holds across the files of a declaration: every id once, every reference known, every room allowed.
 */
import type { BodyDeclaration, TrustDomainDeclaration } from '#contract/organisation.ts';
import { checkApprovers } from './check-approvers.ts';
import { checkBody } from './check-body.ts';
import { createChecker, type Checker } from './checker.ts';
import type { Declaration, Located } from './declaration.ts';
import type { Diagnostic } from './diagnostic.ts';
import { buildKnownNames } from './known-names.ts';

/** All faults that no single file shows. */
export function checkOrganisation(declaration: Declaration): Diagnostic[] {
  const { domain, bodies } = declaration;
  const diagnostics: Diagnostic[] = [];
  if (domain !== null) checkDomain(domain.value, createChecker(domain.file, diagnostics));
  checkUnique(bodies, diagnostics);
  const known = buildKnownNames(declaration);
  for (const { file, value } of bodies) checkBody(value, known, createChecker(file, diagnostics));
  if (declaration.isComplete) checkApprovers(bodies, diagnostics);
  return diagnostics;
}

function checkDomain({ servers }: TrustDomainDeclaration, checker: Checker): void {
  checker.reportDuplicates(
    servers.map(({ name }, index) => ({ id: name, path: ['servers', index, 'name'] })),
    'homeserver',
  );
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

function reportSecond(files: Map<string, string>, id: string, file: string, report: (first: string) => void): void {
  const first = files.get(id);
  if (first === undefined) files.set(id, file);
  else report(first);
}
