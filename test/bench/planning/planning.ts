/** How long the appservice takes to find out what a large organisation needs, and how much memory. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const measurementSchema = z.object({
  rooms: z.int(),
  people: z.int(),
  memberships: z.int(),
  changes: z.int(),
  elapsedMs: z.number(),
  /** The most that the process held at any moment. */
  memoryMb: z.number(),
});
export type PlanningMeasurement = z.infer<typeof measurementSchema>;

export interface PlanningResult {
  readonly way: string;
  readonly measurement: PlanningMeasurement;
  readonly elapsedMsMax: number;
  /** null: not limited. */
  readonly memoryMbMax: number | null;
}

const measurePath = fileURLToPath(new URL('./measure.ts', import.meta.url));

export async function benchPlanning(): Promise<PlanningResult[]> {
  return [
    { way: 'everything new', measurement: await measure('new'), elapsedMsMax: 2_000, memoryMbMax: null },
    { way: 'nothing to change', measurement: await measure('unchanged'), elapsedMsMax: 60_000, memoryMbMax: 512 },
  ];
}

async function measure(what: 'new' | 'unchanged'): Promise<PlanningMeasurement> {
  const { stdout } = await promisify(execFile)(process.execPath, [measurePath, what]);
  return measurementSchema.parse(JSON.parse(stdout));
}
