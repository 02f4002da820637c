/**
 * `npm run bench`, or one part of it by name, as in `npm run bench client`: measurements as tables with ratios. Machines
 * differ and are noisy, so what counts is how two ways compare in the same run, never a figure by itself. Exit code 1 if
 * a baseline is too weak to compare with, if planning takes longer than it may, if a sweep of what is as declared writes an
 * event, or if anybody is refused at shift change.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { benchAcknowledgements, type AcknowledgementsResult } from './acknowledgements/acknowledgements.ts';
import { benchPortBase } from './bench-stack.ts';
import { benchClient, type ClientBenchResult } from './client/bench-client.ts';
import { clientTable } from './client/report.ts';
import { benchDrift, type DriftResult } from './drift.ts';
import { benchDelivery, type DeliveryResult } from './delivery.ts';
import { benchLedger, type LedgerResult } from './ledger.ts';
import { benchMembershipRules, type MembershipRulesResult } from './membership-rules.ts';
import { benchMemberships, type MembershipsResult } from './memberships.ts';
import { benchPlanning, type PlanningResult } from './planning/planning.ts';
import { benchPolicy, type PolicyResult } from './policy.ts';
import { refusals, shiftChangeReport } from './shift-change/report.ts';
import { benchShiftChange, type ShiftChangeResult } from './shift-change/shift-change.ts';
import { bareRateMin, benchProvisioning, type ProvisioningResult } from './provisioning.ts';
import type { Summary } from './statistics.ts';
import { markdownTable } from './table.ts';

const options = {
  rooms: { type: 'string', default: '60' },
  people: { type: 'string', default: '300' },
  'drift-rooms': { type: 'string', default: '300' },
  'account-rooms': { type: 'string', default: '1000' },
  'long-room': { type: 'string', default: '5000' },
  messages: { type: 'string', default: '40' },
  'membership-rounds': { type: 'string', default: '200' },
  'ledger-messages': { type: 'string', default: '200' },
  decisions: { type: 'string', default: '100000' },
  runs: { type: 'string', default: '5' },
  /** Slows the page's main thread by this factor. */
  cpu: { type: 'string', default: '1' },
  /** Folder of a built Cinny, to measure the client beside. */
  peer: { type: 'string' },
  'port-base': { type: 'string', default: String(benchPortBase) },
} as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { ...options, help: { type: 'boolean', default: false } },
});

const membershipRounds = 5;

function printProvisioning({ rooms, concurrency, bareRates, appserviceRate }: ProvisioningResult): void {
  const bareRate = (bareRates[0] + bareRates[1]) / 2;
  const ratio = (rate: number): string => (rate / bareRate).toFixed(2);
  console.log(`\nProvisioning ${rooms} rooms, ${concurrency} requests at a time\n`);
  console.log(
    markdownTable(
      ['way', 'rooms per second', 'ratio'],
      [
        ['bare createRoom loop, before', bareRates[0].toFixed(2), ratio(bareRates[0])],
        ['appservice: look, plan, create, link, audit', appserviceRate.toFixed(2), ratio(appserviceRate)],
        ['bare createRoom loop, after', bareRates[1].toFixed(2), ratio(bareRates[1])],
      ],
    ),
  );
  if (bareRate >= bareRateMin) return;
  console.error(
    `The bare loop made ${bareRate.toFixed(2)} rooms per second; below ${bareRateMin.toFixed(2)} it is no baseline.`,
  );
  process.exitCode = 1;
}

function printPlanning(results: readonly PlanningResult[]): void {
  console.log('\nPlanning, in a process of its own\n');
  console.log(
    markdownTable(
      ['what', 'rooms', 'people', 'memberships', 'changes', 'seconds', 'memory MB'],
      results.map(({ way, measurement: { rooms, people, memberships, changes, elapsedMs, memoryMb } }) => [
        way,
        ...[rooms, people, memberships, changes].map(String),
        (elapsedMs / 1000).toFixed(2),
        memoryMb.toFixed(0),
      ]),
    ),
  );
  for (const { way, measurement, elapsedMsMax, memoryMbMax } of results) {
    if (measurement.elapsedMs <= elapsedMsMax && measurement.memoryMb <= (memoryMbMax ?? Infinity)) continue;
    console.error(`Planning (${way}) took more than ${elapsedMsMax / 1000} s or ${memoryMbMax ?? 'any'} MB.`);
    process.exitCode = 1;
  }
}

function printPolicy({ decisions, p50Ms, p99Ms }: PolicyResult): void {
  console.log(`\n${decisions} decisions of the policy, of four kinds in turn, with 200,000 rooms known\n`);
  console.log(markdownTable(['p50 ms', 'p99 ms'], [[p50Ms.toFixed(3), p99Ms.toFixed(3)]]));
}

function printMemberships({ people, singlePeople, rounds, together, singly }: MembershipsResult): void {
  const row = (way: string, each: number, { p50Ms }: Summary): string[] => [
    way,
    String(each),
    (1000 / p50Ms).toFixed(1),
    (singly.p50Ms / p50Ms).toFixed(1),
  ];
  console.log(`\nPeople into one room, ${rounds} times each, in turn\n`);
  console.log(
    markdownTable(
      ['way', 'people', 'people per second (p50)', 'ratio'],
      [
        row('single: invitation and join', singlePeople, singly),
        row('together: endpoint inside Synapse', people, together),
      ],
    ),
  );
}

function printDrift({ rooms, sweepMs, sweepEvents, alteringMs, repairedMs, found, repaired }: DriftResult): void {
  const row = (what: string, ms: number): string[] => [what, (ms / 1000).toFixed(2), (rooms / (ms / 1000)).toFixed(1)];
  console.log(`\nDrift in ${rooms} rooms, all of them opened at once\n`);
  console.log(
    markdownTable(
      ['what', 'seconds', 'rooms per second'],
      [
        row('a sweep that finds nothing', sweepMs),
        row('opening all rooms', alteringMs),
        row('from the first one opened to the last one repaired', repairedMs),
      ],
    ),
  );
  console.log(`\nThat sweep wrote ${sweepEvents} events into the homeserver's database.\n`);
  if (sweepEvents > 0) process.exitCode = 1;
  const single = (what: string, { p50Ms, p95Ms }: Summary): string[] => [what, p50Ms.toFixed(0), p95Ms.toFixed(0)];
  console.log(`\nOne room opened, ${found.count} times, from the moment at which the homeserver tells of it\n`);
  console.log(
    markdownTable(
      ['until it is', 'p50 ms', 'p95 ms'],
      [single('found', found), single('repaired, with its audit row', repaired)],
    ),
  );
}

function printDelivery({ screens, bare }: DeliveryResult): void {
  const row = (way: string, { p50Ms, p95Ms }: Summary): string[] => [
    way,
    p50Ms.toFixed(0),
    p95Ms.toFixed(0),
    (p50Ms / bare.p50Ms).toFixed(2),
  ];
  console.log(`\nOne message to one other person, ${screens.count} times each, in turn\n`);
  console.log(
    markdownTable(
      ['way', 'p50 ms', 'p95 ms', 'ratio of p50'],
      [row('bare: PUT /send → other’s /sync', bare), row('encrypted: Enter → other’s screen', screens)],
    ),
  );
}

function printLedger({ withLedger, without }: LedgerResult): void {
  const row = (way: string, { p50Ms, p95Ms }: Summary): string[] => [
    way,
    p50Ms.toFixed(1),
    p95Ms.toFixed(1),
    (p50Ms / without.p50Ms).toFixed(2),
  ];
  console.log(`\nOne message to a room of two servers, ${without.count} times each, in turn\n`);
  console.log(
    markdownTable(
      ['PUT /send → the other server', 'p50 ms', 'p95 ms', 'ratio of p50'],
      [row('without the delivery ledger', without), row('with it', withLedger)],
    ),
  );
}

function printMembershipRules({ withRules, without }: MembershipRulesResult): void {
  const row = (way: string, what: 'invitation' | 'join', costs: MembershipRulesResult['without']): string[] => [
    way,
    costs[what].p50Ms.toFixed(1),
    costs[what].p95Ms.toFixed(1),
    (costs[what].p50Ms / without[what].p50Ms).toFixed(2),
  ];
  console.log(`\nOne person into a new room, ${without.join.count} times each, in turn\n`);
  console.log(
    markdownTable(
      ['way', 'p50 ms', 'p95 ms', 'ratio of p50'],
      (['invitation', 'join'] as const).flatMap((what) => [
        row(`${what}, without the rules inside the homeserver`, what, without),
        row(`${what}, with them`, what, withRules),
      ]),
    ),
  );
}

function printAcknowledgements(results: readonly AcknowledgementsResult[]): void {
  console.log('\nPeople of a room acknowledge an alert at once, by each way in turn\n');
  console.log(
    markdownTable(
      ['way', 'people', 'acknowledgements', 'deliveries', 'seconds', 'processor ms for one', 'ratio'],
      results.map(({ way, people, acknowledgements, deliveries, elapsedMs, processorMs }) => {
        const receipts = results.find((other) => other.people === people && other.deliveries === 0);
        return [
          way,
          ...[people, acknowledgements, deliveries].map(String),
          (elapsedMs / 1000).toFixed(1),
          (processorMs / acknowledgements).toFixed(0),
          (processorMs / (receipts?.processorMs ?? processorMs)).toFixed(1),
        ];
      }),
    ),
  );
}

function printClient({ size, runs, peerRuns, generationSeconds }: ClientBenchResult): void {
  const made = generationSeconds === null ? 'kept from an earlier run' : `made in ${generationSeconds.toFixed(0)} s`;
  console.log(`\nThe client, medians of ${runs.length} runs, its main thread slowed ×${values.cpu}\n`);
  console.log(
    `Account: ${size.rooms} rooms, one with ${size.longRoomMessages} messages, ${made}. The peers’ figures are of`,
  );
  console.log('another run, with 1,000 rooms and 5,000 messages and nothing slowed; other ratios say little.\n');
  // `--runs 0` only makes the account.
  if (runs.length > 0) console.log(clientTable(runs, peerRuns));
}

function printShiftChange(result: ShiftChangeResult): void {
  console.log(`\n${shiftChangeReport(result)}`);
  if (refusals(result) > 0) process.exitCode = 1;
}

const parts = {
  policy: async () => printPolicy(benchPolicy(Number(values.decisions))),
  planning: async () => printPlanning(await benchPlanning()),
  provisioning: async () => printProvisioning(await benchProvisioning(Number(values.rooms))),
  memberships: async () => printMemberships(await benchMemberships(Number(values.people), membershipRounds)),
  drift: async () => printDrift(await benchDrift(Number(values['drift-rooms']), Number(values['port-base']))),
  delivery: async () => printDelivery(await benchDelivery(Number(values.messages))),
  ledger: async () => printLedger(await benchLedger(Number(values['ledger-messages']), Number(values['port-base']))),
  'membership-rules': async () =>
    printMembershipRules(await benchMembershipRules(Number(values['membership-rounds']), Number(values['port-base']))),
  acknowledgements: async () => printAcknowledgements(await benchAcknowledgements(Number(values['port-base']))),
  'shift-change': async () => printShiftChange(await benchShiftChange(Number(values['port-base']))),
  client: async () =>
    printClient(
      await benchClient({
        size: {
          rooms: Number(values['account-rooms']),
          spaces: 20,
          longRoomMessages: Number(values['long-room']),
        },
        runs: Number(values.runs),
        messages: Number(values.messages),
        slowdown: Number(values.cpu),
        portBase: Number(values['port-base']),
        peerFolder: values.peer ?? null,
      }),
    ),
} as const;

const names = Object.keys(parts);

function printHelp(): void {
  const usual = Object.entries(options).map(
    ([name, option]) => `  --${name} ${'default' in option ? option.default : '…'}`,
  );
  console.log(
    ['npm run bench -- [part …] [options]', '', `Parts: ${names.join(', ')}`, 'Options:', ...usual].join('\n'),
  );
}

async function run(wanted: readonly string[]): Promise<void> {
  const load = loadavg()[0]?.toFixed(1);
  console.log(`${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${load} at the start`);
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length === 0 || wanted.includes(name)) await measure();
  }
}

if (values.help) printHelp();
else await run(z.array(z.enum(names)).parse(positionals));
