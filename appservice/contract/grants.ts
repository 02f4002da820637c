/** Roles in administration and where they hold. Shared with the stack, which tells tests who may do what. */
import type { BodyDeclaration, GrantDeclaration, PersonDeclaration, Role } from './organisation.ts';

export interface Grant {
  readonly role: Role;
  /** `*`, `<body>` or `<body>/<unit>`. */
  readonly scope: string;
}

/** What these read is one for the whole trust domain, so there is no smaller place for them. */
export const domainWideRoles: ReadonlySet<Role> = new Set<Role>(['auditor', 'data-protection']);

/** A person's roles with the places where they hold; without a scope: the person's own body. */
export function grantsOf({ roles }: Pick<PersonDeclaration, 'roles'>, { id }: Pick<BodyDeclaration, 'id'>): Grant[] {
  return roles.map((grant) => (typeof grant === 'string' ? { role: grant, scope: usualScope(grant, id) } : grant));
}

function usualScope(role: Role, body: string): string {
  return domainWideRoles.has(role) ? '*' : body;
}

/** The person's roles, each once, wherever they hold. */
export function rolesOf({ roles }: Pick<PersonDeclaration, 'roles'>): Role[] {
  return [...new Set(roles.map((grant: GrantDeclaration) => (typeof grant === 'string' ? grant : grant.role)))];
}
