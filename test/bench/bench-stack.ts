/** Folder and ports of the benchmarks' own stacks, so that they run beside others. */
import { fileURLToPath } from 'node:url';
import { serverNameSchema } from '#contract/ids.ts';
import { testPorts } from '#test/harness/test-ports.ts';

export const benchFolder = fileURLToPath(new URL('../../.local/bench', import.meta.url));
export const benchPortBase = testPorts.bench;
export const land = serverNameSchema.parse('land.hessen.test');
