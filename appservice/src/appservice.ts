/**
 * Composition root: takes a configuration, builds the parts and starts them. Tests start this, too.
 */
import { botOf } from '#contract/ids.ts';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createPartnerDesk } from './agreements/partner-desk.ts';
import { forgetOldAlerts } from './alerts/alert-records.ts';
import { createExclusive } from './apply/exclusive.ts';
import { forgetOldEvents, handOverEvents } from './apply/inbox.ts';
import { acquireLease, type Lease } from './apply/lease.ts';
import { listPlans } from './apply/plan-records.ts';
import { createRunDesk } from './apply/run-desk.ts';
import { forgetOldRuns, recordInterruptedRuns } from './apply/run-records.ts';
import { watchDeclaration } from './apply/watch-declaration.ts';
import { createAuditDesk } from './audit/audit-desk.ts';
import { createRevisionDesk } from './authority/revision-desk.ts';
import { readPlanDetail } from './authority/plan-detail.ts';
import { previewPlan } from './apply/preview.ts';
import { readPlannedChanges } from './apply/planned-changes.ts';
import type { Config } from './config.ts';
import { createDeliveryDesk } from './deliveries/delivery-desk.ts';
import { createDraftDesk } from './dump/draft-desk.ts';
import { unpaddedPublicKey } from './ed25519-key.ts';
import { createApi } from './http/api/create-api.ts';
import { createStandbyApi } from './http/api/health/standby.ts';
import type { Progress } from './http/api/dependencies.ts';
import { createHomeserverApp } from './http/homeserver/create-homeserver-app.ts';
import { listen, type Listener } from './listen.ts';
import { registerBot } from './matrix/homeserver-adapter.ts';
import { requireSynapse } from './matrix/synapse-version.ts';
import { createModeration } from './moderation/moderation.ts';
import { formatDiagnostic } from './organisation/diagnostic.ts';
import { loadOrganisation } from './organisation/load-organisation.ts';
import { buildParts, type Foundation, type Parts } from './parts.ts';
import { readInputs } from './read-inputs.ts';
import { createStopping } from './stopping.ts';
import { openStore, type Store, type StoreOptions } from './store/open-store.ts';
import { watchRefusals } from './wall/observed/watch-refusals.ts';

export interface Appservice {
  readonly store: Store;
  readonly parts: Parts;
  /** The ports that it listens on. */
  readonly ports: { readonly api: number; readonly homeserver: number };
  /** Settled when the first run is done: the organisation stands. Rejects if the homeserver is refused. */
  readonly ready: Promise<void>;
  /** Aborted when another instance leads: nothing is changed any more, and the process should end. */
  readonly leadershipLost: AbortSignal;
  /** Ends everything that was started and waits for what is under way. Asked twice, it ends once. */
  stop(): Promise<void>;
}

/** Throws a StartError or StoreError with all problems if files, database or ports are not as they must be. */
export async function startAppservice(config: Config, logger: Logger): Promise<Appservice> {
  const inputs = await readInputs(config);
  const store = await openStore(storeOptionsOf(config));
  const stopping = createStopping();
  try {
    const lease = await lead(store, config, logger);
    await recordInterruptedRuns(store, { bot: botOf(config.serverName), at: Date.now() });
    const metrics = new Registry();
    collectDefaultMetrics({ register: metrics });
    const foundation: Foundation = { config, inputs, store, lease, metrics, logger, stopping, now: () => Date.now() };
    return await run(foundation, await buildParts(foundation));
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** While another instance leads, this one only says that it stands by. */
async function lead(store: Store, config: Config, logger: Logger): Promise<Lease> {
  let standby: Listener | undefined;
  const lease = await acquireLease(store, async () => {
    logger.info('another instance leads; standing by');
    standby = await listen(createStandbyApi(logger), config.listen.api);
  });
  await standby?.close(AbortSignal.abort());
  return lease;
}

function storeOptionsOf({ database: { url, passwordPath } }: Config): StoreOptions {
  return passwordPath === undefined ? { url } : { url, passwordPath };
}

async function run(foundation: Foundation, parts: Parts): Promise<Appservice> {
  const { config, store, lease, stopping } = foundation;
  let state: Progress['state'] = 'starting';
  const listeners = await openListeners(foundation, parts, () => ({ state, ...progressOf(parts) }));
  const stopUpkeep = startUpkeep(foundation, parts);
  const ready = begin(foundation, parts, (next) => {
    state = next;
  });
  // Whoever does not wait for `ready` must not crash over it; whoever waits still sees the rejection.
  ready.catch(() => undefined);
  const stopWatching = watchDeclaration(config.organisation, () => void takeDeclaration(foundation, parts));

  let stopped: Promise<void> | undefined;

  async function end(): Promise<void> {
    stopping.begin();
    stopWatching();
    await stopUpkeep();
    const closed = [listeners.api.close(stopping.abandoned), listeners.homeserver.close(stopping.abandoned)];
    await Promise.all([parts.loop.stop(), parts.agreements.stop(), parts.deletedAlerts.stop(), ...closed]);
    await parts.conversations.settle();
    await parts.connection.close();
    await lease.release();
    await store.close();
    stopping.finish();
  }

  const ports = { api: listeners.api.port, homeserver: listeners.homeserver.port };
  return { store, parts, ports, ready, leadershipLost: lease.lost, stop: () => (stopped ??= end()) };
}

function progressOf({ provisioner }: Parts): Pick<Progress, 'done' | 'total'> {
  const { done, total } = provisioner.runs.progress.current() ?? { done: 0, total: 0 };
  return { done, total };
}

interface Listeners {
  readonly api: Listener;
  readonly homeserver: Listener;
}

/** Before anything is asked of the homeserver: it asks back, and an appservice that does not answer refuses. */
async function openListeners(foundation: Foundation, parts: Parts, progress: () => Progress): Promise<Listeners> {
  const { config, store, logger, now, inputs } = foundation;
  const { provisioner, connection, people, conversations, loop, wall } = parts;
  const handOver = createExclusive();
  const homeserverApp = createHomeserverApp({
    homeserverToken: inputs.registrations.provisioner.hs_token,
    wallToken: inputs.wallToken,
    wall,
    database: store.db,
    eventsArrived: () => void handOver(() => handOverEvents(store.db, connection.bot.push, now)),
    metrics: foundation.metrics,
    logger,
    now,
  });
  const previewOptions = {
    serverName: config.serverName,
    joinsTogether: connection.homeserver.joinTogether !== null,
  };
  const api = createApi({
    serverName: config.serverName,
    clientOrigins: config.clientOrigins,
    database: store.db,
    organisation: () => provisioner.organisation(),
    people,
    openId: connection.homeserver,
    conversations,
    revisions: createRevisionDesk({
      store,
      now,
      notePlan: (organisation) => provisioner.receive(organisation),
      onUnplanned: (error) => logger.warn({ err: error }, 'a plan is noted at the next sweep'),
    }),
    audit: createAuditDesk({ store, key: inputs.auditKey, now }),
    deliveries: createDeliveryDesk({ ledger: connection.deliveries, database: store.db, now }),
    drafts: createDraftDesk({
      survey: connection.survey,
      store,
      serverName: config.serverName,
      organisation: () => provisioner.organisation(),
      now,
    }),
    runs: createRunDesk({ store, provisioner, onDue: () => loop.sweepSoon(), logger, now }),
    agreements: parts.agreements.desk,
    partners: createPartnerDesk({
      homeserver: connection.homeserver,
      serverName: config.serverName,
      rosterKey: unpaddedPublicKey(inputs.rosterKey),
      organisation: () => provisioner.organisation(),
    }),
    alerts: parts.alerts,
    moderation: createModeration({
      homeserver: connection.homeserver,
      store,
      organisation: () => provisioner.organisation(),
      isDeclared: (userId) => people().person(userId) !== null,
      now,
    }),
    plans: {
      list: () => listPlans(store.db),
      read: (digest) => readPlanDetail(store.db, digest),
      changes: (digest, page) => readPlannedChanges(store.db, digest, page),
      requests: (digest) => previewPlan(store.db, digest, previewOptions),
      approve: (digest, approver) => provisioner.approve(digest, approver),
    },
    progress,
    logger,
    now,
  });
  const homeserver = await listen(homeserverApp, config.listen.homeserver);
  return { homeserver, api: await listen(api, config.listen.api) };
}

async function begin(
  foundation: Foundation,
  parts: Parts,
  setState: (state: Progress['state']) => void,
): Promise<void> {
  const { ended } = foundation.stopping;
  try {
    await standUp(foundation, parts, setState);
  } catch (error) {
    // What the end has interrupted is no fault of the start.
    if (!ended.aborted) throw error;
  }
}

async function standUp(
  { config, store, now, logger, stopping: { ended, abandoned } }: Foundation,
  { connection, loop }: Parts,
  setState: (state: Progress['state']) => void,
): Promise<void> {
  await untilReachable(config.homeserverUrl, ended);
  await requireSynapse(config.homeserverUrl, ended);
  await registerBot(connection.bot, botOf(config.serverName), abandoned);
  setState('reconciling');
  await handOverEvents(store.db, connection.bot.push, now);
  await loop.start();
  if (ended.aborted) return;
  setState('ready');
  logger.info('the organisation stands');
}

const knockMs = 500;
const knockAnswerMsMax = 10_000;

/** Waits until the homeserver answers at all; it may start after the appservice. Throws if the process ends first. */
async function untilReachable(homeserverUrl: string, ended: AbortSignal): Promise<void> {
  while (!(await answers(homeserverUrl, ended))) await delay(knockMs, undefined, { signal: ended });
}

async function answers(homeserverUrl: string, ended: AbortSignal): Promise<boolean> {
  const signal = AbortSignal.any([ended, AbortSignal.timeout(knockAnswerMsMax)]);
  try {
    return (await fetch(new URL('/_matrix/client/versions', homeserverUrl), { signal })).ok;
  } catch {
    return false;
  }
}

/** A declaration with faults changes nothing; the faults go to the log, all of them. */
async function takeDeclaration({ config, logger }: Foundation, { provisioner }: Parts): Promise<void> {
  try {
    const result = await loadOrganisation(config.organisation);
    if (result.ok) await provisioner.receive(result.organisation);
    else logger.error({ diagnostics: result.diagnostics.map(formatDiagnostic) }, 'the declaration has faults');
  } catch (error) {
    logger.error({ err: error }, 'the changed declaration could not be taken in');
  }
}

const refusalsIntervalMs = 60_000;
const forgettingIntervalMs = 60 * 60 * 1000;

function startUpkeep({ config, store, logger, now }: Foundation, { refusals }: Parts): () => Promise<void> {
  const report = (error: unknown): void => logger.error({ err: error }, 'upkeep failed');
  const timers = [
    setInterval(() => void refusals.writeCounted().catch(report), refusalsIntervalMs),
    setInterval(() => void forgetOldEvents(store.db, now).catch(report), forgettingIntervalMs),
    setInterval(() => void forgetOldRuns(store.db, now).catch(report), forgettingIntervalMs),
    setInterval(() => void forgetOldAlerts(store.db, now).catch(report), forgettingIntervalMs),
  ];
  const { refusalLogPath: logPath } = config;
  const watch = logPath === undefined ? null : watchRefusals({ logPath, database: store.db, logger, now });
  return async () => {
    timers.forEach((timer) => clearInterval(timer));
    await watch?.stop();
  };
}
