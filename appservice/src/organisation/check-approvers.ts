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

/**
 * The appservice of each homeserver takes approvals of people with an account there alone. Where nobody may approve
 * what concerns another body, a change of that body would come into force on one homeserver and never on the other.
 */
export function checkApproversOfServers(bodies: readonly Located<BodyDeclaration>[], diagnostics: Diagnostic[]): void {
  if (bodies.every(({ value }) => approverScopesOf(value).length === 0)) return;
  for (const [server, those] of Map.groupBy(bodies, ({ value }) => value.server)) {
    const scopes = new Set(those.flatMap(({ value }) => approverScopesOf(value)));
    const without = scopes.has('*') ? [] : bodies.map(({ value }) => value.id).filter((id) => !scopes.has(id));
    const [first] = those;
    if (first === undefined || without.length === 0) continue;
    const message = `Nobody with an account at ${server} may approve changes of ${without.join(', ')}.`;
    const remedy = `Give somebody at ${server} the role approver for the whole domain (scope: '*').`;
    createChecker(first.file, diagnostics).report(['server'], message, remedy);
  }
}

export function approverScopesOf(body: BodyDeclaration): string[] {
  const grants = body.people.flatMap((person) => grantsOf(person, body));
  return grants.filter(({ role }) => role === 'approver').map(({ scope }) => scope);
}
