/** The homeservers that a stack can run, and the loopback ports each of them takes. */
import { fileURLToPath } from 'node:url';
import { serverNameSchema, type ServerName } from '#contract/ids.ts';

export interface StackServer {
  readonly name: ServerName;
  readonly trustDomain: string;
  /** The folder with the trust domain's declaration; null for a stranger, who has no appservice. */
  readonly organisationFolder: string | null;
  readonly ports: ServerPorts;
}

export interface ServerPorts {
  readonly client: number;
  readonly clientApi: number;
  readonly appserviceApi: number;
  readonly appserviceHomeserver: number;
  readonly federation: number;
  readonly memberships: number;
}

export interface StackPorts {
  readonly egressProxy: number;
  readonly egressControl: number;
  readonly postgres: number;
}

export const defaultPortBase = 4800;
/** How many ports from the base on a stack may take. */
export const portCount = 50;

const organisationRoot = fileURLToPath(new URL('../organisation/', import.meta.url));
export const roomClassesPath = `${organisationRoot}room-classes.yaml`;

const catalogue = [
  { name: 'land.hessen.test', trustDomain: 'land', declared: true, offset: 10 },
  { name: 'polizei.hessen.test', trustDomain: 'polizei', declared: true, offset: 20 },
  { name: 'schule.hessen.test', trustDomain: 'land', declared: true, offset: 30 },
  { name: 'fremd.test', trustDomain: 'fremd', declared: false, offset: 40 },
] as const;

export const serverNames: readonly string[] = catalogue.map(({ name }) => name);

/** Every stack runs these. */
export const basicServers: readonly ServerName[] = ['land.hessen.test', 'polizei.hessen.test'].map((name) =>
  serverNameSchema.parse(name),
);

/** What `--with` may name, and the homeserver it adds. */
export const additionalServers: ReadonlyMap<string, ServerName> = new Map([
  ['schule', serverNameSchema.parse('schule.hessen.test')],
  ['fremd', serverNameSchema.parse('fremd.test')],
]);

/**
 * Throws if no homeserver of a stack has that name.
 * @param declarations folder of the declaration by trust domain, where it is not the reference organisation's
 */
export function stackServer(
  name: ServerName,
  portBase: number,
  declarations: ReadonlyMap<string, string> = new Map(),
): StackServer {
  const entry = catalogue.find((candidate) => candidate.name === name);
  if (!entry) throw new Error(`A stack has no homeserver ${name}; there are ${serverNames.join(', ')}.`);
  return {
    name,
    trustDomain: entry.trustDomain,
    organisationFolder: entry.declared
      ? (declarations.get(entry.trustDomain) ?? referenceFolder(entry.trustDomain))
      : null,
    ports: serverPorts(portBase + entry.offset),
  };
}

function referenceFolder(trustDomain: string): string {
  return `${organisationRoot}${trustDomain}`;
}

function serverPorts(first: number): ServerPorts {
  return {
    client: first,
    clientApi: first + 1,
    appserviceApi: first + 2,
    appserviceHomeserver: first + 3,
    federation: first + 4,
    memberships: first + 5,
  };
}

export function stackPorts(portBase: number): StackPorts {
  return { egressProxy: portBase, egressControl: portBase + 1, postgres: portBase + 2 };
}
