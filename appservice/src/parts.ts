/** Builds the parts of an appservice and connects them. Nothing is sent and nothing listens yet. */
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { statementType } from '#contract/agreement.ts';
import { botOf, type ServerName } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { createClosedAccounts } from './apply/closed-accounts.ts';
import { hintsOf } from './apply/hints.ts';
import { readInventory } from './apply/inventory.ts';
import type { Lease } from './apply/lease.ts';
import { createReconcileMetrics } from './apply/reconcile-metrics.ts';
import { createProvisioner, type Provisioner } from './apply/provisioner.ts';
import { createReconcileLoop, type ReconcileLoop } from './apply/reconcile-loop.ts';
import { createSisterInvitations } from './apply/sister-invitations.ts';
import { agreedRoomsOf } from './agreements/agreed-rooms-of.ts';
import { createAlertDesk, type AlertDesk } from './alerts/alert-desk.ts';
import { createAlertRecords } from './alerts/alert-records.ts';
import { createDeletedAlerts, type DeletedAlerts } from './alerts/deleted-alerts.ts';
import { openAgreementBook } from './agreements/agreement-book.ts';
import { createAgreements, type Agreements } from './agreements/agreements.ts';
import { openLiaisonBook } from './agreements/liaison.ts';
import type { Config } from './config.ts';
import { createConversationRecords } from './conversations/conversation-records.ts';
import {
  createConversationStarter,
  type ConversationDependencies,
  type ConversationStarter,
} from './conversations/conversation-starter.ts';
import { connectHomeserver, type HomeserverConnection } from './matrix/connect-homeserver.ts';
import { buildPeopleDirectory, type PeopleDirectory } from './people/people-directory.ts';
import type { Inputs } from './read-inputs.ts';
import { createRosterSeal } from './roster/roster-seal.ts';
import type { Stopping } from './stopping.ts';
import type { Store } from './store/open-store.ts';
import { createRefusalLedger, type RefusalLedger } from './wall/refusal-ledger.ts';
import { createWall, type AgreedDoor, type Wall } from './wall/wall.ts';
import { parseWallRequest } from './wall/wall-request.ts';
import { createRefusalWriter } from './wall/write-refusal.ts';

/** A partner that was away is asked again after at most this, so that an end is heard soon. */
const patienceWithPartnersMs = 30_000;

export interface Foundation {
  readonly config: Config;
  readonly inputs: Inputs;
  readonly store: Store;
  readonly lease: Lease;
  readonly metrics: Registry;
  readonly logger: Logger;
  readonly stopping: Stopping;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Parts {
  readonly connection: HomeserverConnection;
  readonly provisioner: Provisioner;
  readonly people: () => PeopleDirectory;
  readonly conversations: ConversationStarter;
  readonly agreements: Agreements;
  readonly alerts: AlertDesk;
  readonly deletedAlerts: DeletedAlerts;
  readonly loop: ReconcileLoop;
  readonly refusals: RefusalLedger;
  readonly wall: Wall;
}

export async function buildParts(foundation: Foundation): Promise<Parts> {
  const { config, inputs, store, lease, logger, stopping, now } = foundation;
  const { serverName, homeserverUrl, reconcile } = config;
  const { ended } = stopping;
  const rosters = createRosterSeal(inputs.rosterKey, now);
  const connection = await connectHomeserver({
    serverName,
    homeserverUrl,
    registrations: inputs.registrations,
    memberships: inputs.memberships,
    logger,
    abandoned: stopping.abandoned,
    onEvent(event) {
      hintsOf(event, botOf(serverName)).forEach((hint) => loop.hintRoom(hint));
      if (event.type === statementType) agreements.due();
      deletedAlerts.noteEvent(event);
    },
  });
  const { homeserver } = connection;
  const closedAccounts = createClosedAccounts(homeserver, now);
  const book = await openAgreementBook(store, now);
  const provisioner = await createProvisioner(inputs.organisation, {
    homeserver,
    store,
    serverName,
    bot: botOf(serverName),
    rosters,
    closedAccounts,
    logger,
    ended,
    now,
    concurrency: reconcile.concurrency,
    gates: config.gates,
    abandonedRuns: new Set(),
    metrics: createReconcileMetrics(foundation.metrics),
    isBusy: (address) => conversations.isStarting(address),
    requireLeading: lease.requireHeld,
    onOutstanding: () => loop.hintOutstanding(),
    onDue: () => loop.sweepSoon(),
    agreedRooms: (inventory) => agreedRoomsOf(book.all(), inventory, now()),
  });
  const organisation = (): Organisation => provisioner.organisation();
  const acceptInvitations = await createSisterInvitations({
    ...foundation,
    ...reconcile,
    serverName,
    homeserver,
    organisation,
    ended,
  });
  const loop = createReconcileLoop({
    async reconcile() {
      const result = await provisioner.reconcile();
      agreements.due();
      return result;
    },
    repair: (roomIds) => provisioner.repair(roomIds),
    inviteElsewhere: () => provisioner.inviteElsewhere(),
    acceptInvitations,
    sweepIntervalMs: reconcile.sweepIntervalMs,
    logger,
  });
  const people = rememberPeople(provisioner);
  const conversations = buildConversations(foundation, {
    homeserver,
    rosters,
    organisation,
    people,
    closedAccounts: () => closedAccounts.known(),
    acceptInvitations: async (person) => {
      await acceptInvitations({ isExpectedToo: false, people: new Set([person]) });
    },
  });
  const agreements = createAgreements({
    book,
    liaisons: await openLiaisonBook(store),
    homeserver,
    serverName,
    store,
    organisation,
    isDeclared: (person) => people().person(person) !== null,
    onRoomDue: (roomId) =>
      roomId === null ? loop.sweepSoon() : loop.hintRoom({ roomId, isUrgent: true, isEcho: false }),
    retryMsMax: Math.min(reconcile.sweepIntervalMs, patienceWithPartnersMs),
    logger,
    now,
  });
  const records = createAlertRecords(store.db);
  const retryMsMax = reconcile.sweepIntervalMs;
  const deletedAlerts = createDeletedAlerts({ records, homeserver, retryMsMax, logger });
  const refusals = createRefusalLedger(createRefusalWriter(store.db, now), now);
  const wall = await buildWall(foundation, connection, provisioner, refusals, agreements.door);
  return {
    connection,
    provisioner,
    people,
    conversations,
    agreements,
    alerts: createAlertDesk({ records, homeserver, now }),
    deletedAlerts,
    loop,
    refusals,
    wall: withHints(wall, loop, agreements),
  };
}

/** The directory of the declaration in force, built again only when that changes. */
function rememberPeople(provisioner: Provisioner): () => PeopleDirectory {
  let built: { readonly of: Organisation; readonly directory: PeopleDirectory } | null = null;
  return () => {
    const organisation = provisioner.organisation();
    if (built?.of !== organisation) built = { of: organisation, directory: buildPeopleDirectory(organisation) };
    return built.directory;
  };
}

function buildConversations(
  { config: { serverName }, store, logger, now }: Foundation,
  shared: Omit<ConversationDependencies, 'records' | 'reportFailure' | 'serverName'>,
): ConversationStarter {
  return createConversationStarter({
    ...shared,
    serverName,
    records: createConversationRecords(store.db, now),
    reportFailure: ({ roomId, userId, error }) =>
      logger.warn({ roomId, userId, err: error }, 'a person could not be brought into a conversation'),
  });
}

async function buildWall(
  { config: { serverName }, store }: Foundation,
  { homeserver }: HomeserverConnection,
  provisioner: Provisioner,
  refusals: RefusalLedger,
  agreed: AgreedDoor,
): Promise<Wall> {
  return createWall({
    serverName,
    domain: () => domainOf(provisioner.organisation()),
    ledRooms: (await readInventory(store.db)).values(),
    homeserver,
    refusals,
    agreed,
  });
}

function domainOf({ domain }: Organisation): { id: string; servers: ServerName[] } {
  return { id: domain.id, servers: domain.servers.map(({ name }) => name) };
}

/** Nothing is pushed when a person is invited from elsewhere; the question whether that is allowed is the hint. */
function withHints(wall: Wall, loop: ReconcileLoop, agreements: Pick<Agreements, 'invited'>): Wall {
  return {
    ...wall,
    async judge(callback, payload) {
      const decision = await wall.judge(callback, payload);
      const request = decision.isAllowed ? parseWallRequest(callback, payload) : null;
      if (request?.callback === 'federated_user_may_invite') {
        const { sender, state_key: invitee, room_id: room } = request.event;
        loop.hintInvitation(invitee);
        await agreements.invited(sender, invitee, room);
      }
      return decision;
    },
  };
}
