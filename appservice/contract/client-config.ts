/**
 * `/config.json`: what the served client must know before anybody has signed in. One file per homeserver.
 */
import { z } from 'zod';
import { serverNameSchema } from './ids.ts';
import { rosterKeySchema } from './roster.ts';

export const clientConfigSchema = z.strictObject({
  serverName: serverNameSchema,
  /** Base of the Matrix client-server API. */
  homeserverUrl: z.url({ protocol: /^https?$/ }),
  /** Base of the appservice's API. */
  appserviceUrl: z.url({ protocol: /^https?$/ }),
  /** Land Hessen */
  domainName: z.string().min(1),
  theme: z.enum(['land', 'polizei']),
  /**
   * Whose rosters count: the public keys of the trust domain's appservices, and of the next ones while keys change. It is
   * pinned here because this file comes from the client's own origin, never from a homeserver (docs/adr/0022).
   */
  rosterKeys: z.array(rosterKeySchema).min(1).max(64),
  /** Other trust domains, by their homeservers, with the keys of those who say who belongs to the joint rooms they lead. */
  partners: z
    .array(z.strictObject({ server: serverNameSchema, rosterKeys: z.array(rosterKeySchema).min(1) }))
    .default([]),
});
export type ClientConfig = z.infer<typeof clientConfigSchema>;
