import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Real servers take their time on a busy machine; these limits only end what hangs. */
const realServers = {
  environment: 'node',
  globalSetup: 'test/harness/global-set-up.ts',
  testTimeout: 60_000,
  hookTimeout: 180_000,
  fileParallelism: false,
} as const;

/** They start what they need, and kill it. */
const ownServers = { ...realServers, globalSetup: [] };
const agreements = 'test/federation/agreements/**/*.test.ts';

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: 'unit',
          environment: 'node',
          include: [
            'appservice/**/*.test.ts',
            'synapse-config/**/*.test.ts',
            'client/serve/**/*.test.ts',
            'test/{bench,checks,engine/unit,faults,harness,runner}/**/*.test.ts',
            'test/compose/*.test.ts',
          ],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        root,
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser'] },
        test: { name: 'client', environment: 'node', include: ['client/src/**/*.test.ts'] },
      },
      {
        root,
        test: {
          ...realServers,
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/engine/stack/**/*.test.ts'],
        },
      },
      {
        root,
        test: {
          ...realServers,
          name: 'federation',
          // Not by `exclude`: with one, Vitest leaves out nothing that the command line says.
          include: ['test/federation/*.test.ts', 'test/federation/!(agreements)/**/*.test.ts'],
        },
      },
      {
        root,
        test: {
          ...ownServers,
          name: 'own servers',
          include: ['test/office/**/*.test.ts', 'test/engine/office/**/*.test.ts', agreements],
        },
      },
      {
        root,
        // From docker-compose.yml.
        test: { ...ownServers, name: 'compose', include: ['test/compose/deployment/**/*.test.ts'] },
      },
    ],
  },
});
