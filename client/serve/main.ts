/** `node client/serve/main.ts --config <file.json>` */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { clientApp } from './app.ts';
import { readServerConfig } from './configuration.ts';

const badConfiguration = 2;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  if (values.config === undefined) throw new Error('Usage: node client/serve/main.ts --config <file.json>');
  const config = await readServerConfig(values.config);
  const server = createServer(clientApp(config));
  server.on('error', fail);
  server.listen(config.port, config.host, () => console.log(`Client served at http://${config.host}:${config.port}`));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end(server));
}

/** Browsers keep connections open; they are closed so that the process ends at once. */
function end(server: ReturnType<typeof createServer>): void {
  server.close();
  server.closeAllConnections();
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = badConfiguration;
}

main().catch(fail);
