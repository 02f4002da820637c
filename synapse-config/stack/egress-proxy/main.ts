/** The egress proxy's process: `main.ts <config.json>`. SIGTERM ends it. */
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { loadCertificateAuthority } from '../certificates.ts';
import { createControl } from './control.ts';
import { mappingsSchema, portSchema } from './mappings.ts';
import { createEgressProxy } from './proxy.ts';
import { createWellKnownResponder } from './well-known.ts';

export const egressProxyConfigSchema = z.strictObject({
  port: portSchema,
  controlPort: portSchema,
  mappings: mappingsSchema,
  logPath: z.string(),
  certificateAuthority: z.strictObject({ certificatePath: z.string(), keyPath: z.string() }),
});
export type EgressProxyConfig = z.input<typeof egressProxyConfigSchema>;

async function main(configPath: string): Promise<void> {
  const config = egressProxyConfigSchema.parse(JSON.parse(await readFile(configPath, 'utf8')));
  const { certificatePath, keyPath } = config.certificateAuthority;
  const authority = await loadCertificateAuthority(certificatePath, keyPath);
  const mappings = new Map(Object.entries(config.mappings));
  const log = createWriteStream(config.logPath, { flags: 'a', mode: 0o600 });
  const proxy = createEgressProxy({
    mappings,
    record: (record) => void log.write(`${JSON.stringify(record)}\n`),
    answerWellKnown: createWellKnownResponder(authority),
  });
  proxy.listen(config.port, '127.0.0.1', () => createControl(mappings).listen(config.controlPort, '127.0.0.1'));
}

if (import.meta.main) {
  process.on('SIGTERM', () => process.exit(0));
  await main(process.argv[2] ?? '');
}
