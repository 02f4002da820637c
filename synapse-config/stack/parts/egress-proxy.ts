/** The egress proxy of a stack as one of its processes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CertificateAuthority } from '../certificates.ts';
import type { EgressProxyConfig } from '../egress-proxy/main.ts';
import { writePrivateFile } from '../files.ts';
import { untilAnswers } from '../processes/answers.ts';
import type { ProcessDescription } from '../processes/supervisor.ts';
import type { StackPorts, StackServer } from '../servers.ts';

const mainPath = fileURLToPath(new URL('../egress-proxy/main.ts', import.meta.url));

export interface EgressProxyPlan {
  readonly folder: string;
  readonly ports: StackPorts;
  readonly authority: CertificateAuthority;
  readonly servers: readonly StackServer[];
}

export function egressLogPath(folder: string): string {
  return join(folder, 'connections.jsonl');
}

/** Writes the proxy's configuration and returns its process. */
export async function prepareEgressProxy({
  folder,
  ports,
  authority,
  servers,
}: EgressProxyPlan): Promise<ProcessDescription> {
  const config: EgressProxyConfig = {
    port: ports.egressProxy,
    controlPort: ports.egressControl,
    mappings: Object.fromEntries(servers.map(({ name, ports: { federation } }) => [name, federation])),
    logPath: egressLogPath(folder),
    certificateAuthority: { certificatePath: authority.certificatePath, keyPath: authority.keyPath },
  };
  await mkdir(folder, { recursive: true });
  await writePrivateFile(join(folder, 'config.json'), JSON.stringify(config, null, 2));
  return {
    name: 'egress proxy',
    command: process.execPath,
    args: [mainPath, join(folder, 'config.json')],
    logPath: join(folder, 'process.log'),
    whenReady: (signal) => untilAnswers(`http://127.0.0.1:${ports.egressControl}/live`, signal),
  };
}
