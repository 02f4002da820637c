import type { RequestHandler, Router } from 'express';
import type { Domain } from '#contract/api.ts';
import type { BodyDeclaration, Organisation } from '#contract/organisation.ts';
import { firstIdOf } from '#contract/first-id.ts';
import { roomClassNameSchema, type RoomClass, type RoomClassName } from '#contract/room-class.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { refuseMethod } from '../refusals.ts';
import { requirePerson } from '../session/authentication.ts';

/** `GET` tells what the client shows of the own trust domain: where data lie, partners, bodies, room classes. */
export function createDomainRoutes({ organisation, people }: ApiDependencies, authenticate: RequestHandler): Router {
  const readDomain: RequestHandler = (_request, response) => {
    requirePerson(response, people());
    response.json(describeDomain(organisation()));
  };
  const router = createRouter();
  defineRoute(router, '/domain', { get: [authenticate, readDomain] }, refuseMethod);
  return router;
}

function describeDomain({ domain, bodies, roomClasses }: Organisation): Domain {
  return {
    id: domain.id,
    name: domain.name,
    servers: domain.servers.map(({ name, operator, location }) => ({ name, operator, location })),
    partners: (domain.partners ?? []).map(({ server, name }) => ({ server, name })),
    bodies: bodies.map(describeBody),
    roomClasses: roomClassNameSchema.options.map((name) => describeClass(name, roomClasses[name])),
  };
}

/** By the id that stands in the create events of its rooms. */
function describeBody(body: BodyDeclaration): Domain['bodies'][number] {
  const { short, name, label = null, server } = body;
  return { id: firstIdOf(body), short, name, label, server };
}

function describeClass(
  name: RoomClassName,
  { title, purpose, historyVisibility, posting, retentionDays, receipts = 'private' }: RoomClass,
): Domain['roomClasses'][number] {
  return { name, title, purpose, historyVisibility, posting, retentionDays, receipts };
}
