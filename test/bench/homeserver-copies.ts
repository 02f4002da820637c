/** Copies of the ministries' homeserver that differ in one layer, so that this layer's cost can be measured. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerName } from '#contract/ids.ts';
import { defaultFolder } from '#stack/stack.ts';
import type { StackDomain, StackFile } from '#stack/stack-file.ts';
import type { Layers } from '../harness/federation/homeserver-copy/copied-config.ts';
import { startHomeserverCopy, type HomeserverCopy } from '../harness/federation/homeserver-copy/homeserver-copy.ts';
import type { WayOut } from '../harness/federation/homeserver-copy/way-out.ts';
import { land } from './bench-stack.ts';

/** Throws if the stack runs no such homeserver. */
export function domainOf({ domains }: StackFile, name: ServerName): StackDomain {
  const domain = domains[name];
  if (domain === undefined) throw new Error(`The stack runs no ${name}.`);
  return domain;
}

/** With the whitelist, without policy, and with what is named beside. */
export async function startCopy(
  stack: StackFile,
  { port: egressPort }: WayOut,
  layers: Pick<Layers, 'ledger' | 'rules'>,
): Promise<HomeserverCopy> {
  const source = {
    folder: join(domainOf(stack, land).dataFolder, 'homeserver'),
    caCertificate: await readFile(stack.ca.certificatePath, 'utf8'),
    python: join(defaultFolder, 'venv', 'bin', 'python'),
  };
  return startHomeserverCopy(source, { whitelist: true, policyUrl: null, ...layers }, { egressPort });
}
