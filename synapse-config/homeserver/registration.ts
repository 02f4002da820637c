/**
 * The two registrations of a trust domain's appservice at one homeserver (Matrix specification, Application
 * Service API, "Registration"). Authority is split: the provisioner is the bot that creates and runs rooms; the
 * other may act for people, only to join them, and excludes admins and the bot. Neither is a server admin.
 */
import type { ServerName } from '#contract/ids.ts';
import { peopleId, provisionerId } from './memberships-endpoint.ts';
import type { HomeserverConfig } from './render.ts';

export interface RegistrationTokens {
  /** With it the appservice calls the homeserver. */
  readonly appserviceToken: string;
  /** With it the homeserver calls the appservice. */
  readonly homeserverToken: string;
}

/** The bot: receives the events of the rooms it is in. */
export function renderProvisionerRegistration(
  serverName: ServerName,
  appserviceUrl: string,
  tokens: RegistrationTokens,
): HomeserverConfig {
  return registration(provisionerId, 'landbote', appserviceUrl, tokens, {
    exclusive: true,
    regex: `@landbote:${escapeForRegex(serverName)}`,
  });
}

/** Joins people to rooms and reads their invitations. Receives nothing. */
export function renderPeopleRegistration(serverName: ServerName, tokens: RegistrationTokens): HomeserverConfig {
  return registration(peopleId, 'landbote-people', null, tokens, {
    exclusive: false,
    regex: `@(?!admin-|landbote)[^:]+:${escapeForRegex(serverName)}`,
  });
}

function registration(
  id: string,
  senderLocalpart: string,
  url: string | null,
  tokens: RegistrationTokens,
  people: { readonly exclusive: boolean; readonly regex: string },
): HomeserverConfig {
  return {
    id,
    url,
    as_token: tokens.appserviceToken,
    hs_token: tokens.homeserverToken,
    sender_localpart: senderLocalpart,
    rate_limited: false,
    namespaces: { users: [people], aliases: [], rooms: [] },
  };
}

function escapeForRegex(text: string): string {
  return text.replaceAll('.', '\\.');
}
