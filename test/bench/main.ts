/**
 * `npm run bench`: measurements as tables with ratios. Machines differ and are noisy, so what counts is how two ways
 * compare in the same run, never a figure by itself. Exit code 1 if a baseline is too weak to compare with,
 * or if planning takes longer than it may.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchDelivery, type DeliveryResult } from './delivery.ts';
import { benchPlanning, type PlanningResult } from './planning/planning.ts';
import { bareRateMin, benchProvisioning, type ProvisioningResult } from './provisioning.ts';
import type { Summary } from './statistics.ts';
import { markdownTable } from './table.ts';

const { values } = parseArgs({
  options: { rooms: { type: 'string', default: '60' }, messages: { type: 'string', default: '40' } },
});

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

console.log(
  `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0]?.toFixed(1)} at the start`,
);
printPlanning(await benchPlanning());
printProvisioning(await benchProvisioning(Number(values.rooms)));
printDelivery(await benchDelivery(Number(values.messages)));
