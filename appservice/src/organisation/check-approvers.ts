import { domainWideRoles, grantsOf } from '#contract/grants.ts';
import type { BodyDeclaration } from '#contract/organisation.ts';
import { createChecker, type Checker } from './checker.ts';
import type { Located } from './declaration.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { KnownNames } from './known-names.ts';

/** Every role holds at a place that exists. */
export function checkGrants(body: BodyDeclaration, known: KnownNames, checker: Checker): void {
  for (const [index, person] of body.people.entries()) {
    for (const [position, { role, scope }] of grantsOf(person, body).entries()) {
      const path = ['people', index, 'roles', position, 'scope'];
      const places = scope.includes('/') ? known.units : known.bodies;
      if (scope !== '*' && places !== null && !places.has(scope)) {
        checker.report(path, `There is no body or unit ${scope}.`, 'Name a body, a unit as body/unit, or *.');
      }
      if (scope !== '*' && domainWideRoles.has(role)) {
        const message = `The role ${role} holds in the whole trust domain: there is one audit trail.`;
        checker.report(path, message, `Write ${role} without a scope.`);
      }
    }
  }
}

/** Once somebody approves, every body needs somebody who does: without one, nothing of it could ever be changed again. */
export function checkApprovers(bodies: readonly Located<BodyDeclaration>[], diagnostics: Diagnostic[]): void {
  const scopes = new Set(bodies.flatMap(({ value }) => approverScopesOf(value)));
  if (scopes.size === 0 || scopes.has('*')) return;
  for (const { file, value: body } of bodies.filter(({ value }) => !scopes.has(value.id))) {
    const remedy = `Give somebody the role approver for ${body.id}, or for the whole domain (scope: '*').`;
    createChecker(file, diagnostics).report(['id'], `Nobody may approve changes of ${body.id}.`, remedy);
  }
}

export function approverScopesOf(body: BodyDeclaration): string[] {
  const grants = body.people.flatMap((person) => grantsOf(person, body));
  return grants.filter(({ role }) => role === 'approver').map(({ scope }) => scope);
}
