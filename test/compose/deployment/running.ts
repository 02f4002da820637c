/** The deployment of a test file, and what tests ask of it. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryLock } from '#stack/lock.ts';
import { readVariables } from '../compose-file.ts';
import type { Container } from './container.ts';
import { requirePrerequisites } from './prerequisites.ts';
import { prepareDeployment, prepareParts, serverName, createEgressGateway, type EgressGateway } from './prepare.ts';
import type { ProxyAddress } from './proxy-client.ts';
import { startDeployment, type Deployment } from './start-deployment.ts';

const localFolder = fileURLToPath(new URL('../../../.local', import.meta.url));
const folder = join(localFolder, 'compose');

/** Where the outside network's bridge will have this machine's address (network.ts). */
const gatewayHost = '10.199.102.1';

/** Two people of two ministries (synapse-config/organisation). */
const people = ['zeynep.kaplan', 'leonie.harms'] as const;

export interface RunningDeployment extends Deployment {
  readonly gateway: EgressGateway;
  /** Roots, named volumes and logs. */
  readonly folder: string;
  /** The proxy as people reach it, and as other homeservers do. */
  readonly forPeople: ProxyAddress;
  readonly forServers: ProxyAddress;
  /** The people who have an account, and their passwords. */
  readonly passwords: ReadonlyMap<string, string>;
}

/** Configures and starts a deployment. Throws if this machine cannot, with the remedy. */
export async function runDeployment(): Promise<RunningDeployment> {
  await requirePrerequisites();
  await mkdir(folder, { recursive: true });
  const lock = await tryLock(`${folder}.lock`);
  if (!lock.acquired) throw new Error(`Process ${lock.holder.processId} runs this suite already.`);
  try {
    return await startLocked(lock.release);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function startLocked(release: () => Promise<void>): Promise<RunningDeployment> {
  const parts = await prepareParts(folder);
  const { folder: configuration, authorityPath } = await prepareDeployment(folder, gatewayHost);
  const variables = await readVariables(join(configuration, 'compose.env'));
  const gateway = createEgressGateway();
  const passwords = new Map(people.map((localpart) => [localpart, randomBytes(18).toString('base64url')]));
  const deployment = await startDeployment({
    variables,
    folder: join(folder, 'run'),
    parts,
    beforeStart: (networks) => gateway.listen(networks.hostAddressOf('outside')),
    afterStart: async (service, container) => {
      if (service !== 'synapse') return;
      for (const [localpart, password] of passwords) await createAccount(container, localpart, password);
    },
  });
  const address = { host: deployment.networks.addressOf('proxy', 'front'), serverName, authorityPath };
  return {
    ...deployment,
    gateway,
    folder: join(folder, 'run'),
    forPeople: { ...address, port: 8443 },
    forServers: { ...address, port: 8448 },
    passwords,
    stop: async () => {
      await deployment.stop();
      await gateway.stop();
      await release();
    },
  };
}

/** The command that docs/production.md names. */
async function createAccount(synapse: Container, localpart: string, password: string): Promise<void> {
  const program = ['python', '-m', 'synapse._scripts.register_new_matrix_user'];
  const account = ['--config', '/etc/landbote/homeserver.yaml', '--no-admin', '--user', localpart];
  const command = [...program, ...account, '--password-file', '/dev/stdin', 'http://127.0.0.1:8008'];
  const { exitCode, output } = await synapse.run(command, password);
  if (exitCode !== 0) throw new Error(`No account for ${localpart}: ${output}`);
}
