/**
 * The services of docker-compose.yml as their configuration has to know them: users, names, ports, one address.
 * A test holds this page and the Compose file together.
 */

/** Who each service runs as, and so who may read its secrets. */
export const serviceUsers = {
  proxy: 101,
  synapse: 20102,
  appservice: 20105,
  postgres: 999,
  redis: 999,
} as const;
export type ServiceWithSecrets = keyof typeof serviceUsers;

export const ports = {
  synapseClients: 8008,
  synapseFederation: 8448,
  synapseMemberships: 8009,
  client: 8080,
  appserviceApi: 8012,
  appserviceHomeserver: 8013,
  postgres: 5432,
  redis: 6379,
  egress: 3128,
} as const;

/** The relay to the egress gateway: the one private address that Synapse may call for others. */
export const egressRelayAddress = '10.199.4.2';

/** Where a container sees its configuration, its secrets and its data. */
export const containerFolders = {
  configuration: '/etc/landbote',
  secrets: '/run/secrets',
  data: '/data',
  /** Written by Synapse, read by the appservice, and the only thing that both see. */
  refusals: '/refusals',
} as const;
