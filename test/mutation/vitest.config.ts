/** Only the tests of the policy's decisions: StrykerJS runs them once for each mutant. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { environment: 'node', include: ['appservice/src/wall/decide*.test.ts'] },
});
