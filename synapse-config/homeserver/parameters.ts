/**
 * What differs from homeserver to homeserver. Everything else stands in homeserver.template.yaml.
 * All paths are absolute, as the homeserver's own process sees them.
 */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { serverNameSchema } from '#contract/ids.ts';

const absolutePath = z.string().refine(isAbsolute, 'expected an absolute path');
const httpUrl = z.url({ protocol: /^https?$/ });
const port = z.int().min(1).max(65535);
const address = z.strictObject({ host: z.string().min(1), port });

/** One address in CIDR notation: never a range, so that no neighbour of the address becomes reachable. */
const singleAddress = z
  .union([z.cidrv4(), z.cidrv6()])
  .refine((text) => /\/(32|128)$/.test(text), 'expected one address: /32 or /128');

const databaseParametersSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sqlite'), path: absolutePath }),
  z.strictObject({
    kind: z.literal('postgres'),
    host: z.string().min(1),
    port,
    name: z.string().min(1),
    user: z.string().min(1),
    /** A libpq password file (0600), so that the password stands in no configuration. null: none is needed. */
    passwordFilePath: absolutePath.nullable(),
  }),
]);
export type DatabaseParameters = z.infer<typeof databaseParametersSchema>;

/** Where a homeserver listens, what it stores where and how it reaches others; the same for our own and for strangers. */
const placementSchema = z.strictObject({
  serverName: serverNameSchema,
  /** Base of the client-server API as browsers reach it. */
  publicBaseUrl: httpUrl,
  clientListener: address.extend({
    /** A reverse proxy stands in front and tells the caller's address in X-Forwarded-For. */
    behindProxy: z.boolean(),
  }),
  federationListener: address.extend({
    /** null: the border gateway ends TLS and stands in front. */
    tls: z.strictObject({ certificatePath: absolutePath, privateKeyPath: absolutePath }).nullable(),
  }),
  database: databaseParametersSchema,
  /** The only way out: Synapse sends every federation request through this CONNECT proxy. */
  egressProxyUrl: httpUrl,
  /** The authorities that may vouch for other homeservers. They replace the system's list. */
  certificateAuthorityPaths: z.array(absolutePath).min(1),
  /**
   * Private addresses that outgoing requests may reach all the same: the egress proxy's. Synapse blocks private
   * ranges by default, so that nobody can make it call internal services.
   */
  reachablePrivateAddresses: z.array(singleAddress),
  signingKeyPath: absolutePath,
  /** Whoever knows it may create accounts, admins too. */
  registrationSecretPath: absolutePath,
  macaroonSecretPath: absolutePath,
  formSecretPath: absolutePath,
  mediaFolder: absolutePath,
  logConfigPath: absolutePath,
  /** Cost of hashing a password: 2 to the power of this. */
  passwordHashRounds: z.int().min(4).max(20),
});

export const strangerParametersSchema = placementSchema;
export type StrangerParameters = z.infer<typeof strangerParametersSchema>;

export const homeserverParametersSchema = placementSchema.extend({
  /** Homeservers to federate with, exact names; empty closes federation. Never the own name. */
  federatesWith: z.array(serverNameSchema),
  /** Registration files of the appservice (registration.ts). */
  registrationPaths: z.array(absolutePath),
  /** The appservice's policy endpoint and the file with the bearer token for it. */
  policy: z.strictObject({ url: httpUrl, tokenPath: absolutePath }),
  /**
   * Where the appservice asks for many memberships at once and for the delivery ledger, and the file with the token that
   * it shows (docs/adr/0016 and 0020). No proxy may lead there. null: people are joined one by one.
   */
  membershipsListener: address.extend({ tokenPath: absolutePath }).nullable(),
  /** Shared by Synapse's processes once there are several. */
  redis: address.extend({ passwordPath: absolutePath }).nullable(),
  /** Prometheus metrics, on their own listener. */
  metricsListener: address.nullable(),
});
export type HomeserverParameters = z.infer<typeof homeserverParametersSchema>;
