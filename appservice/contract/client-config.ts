/**
 * `/config.json`: what the served client must know before anybody has signed in. One file per homeserver.
 */
import { z } from 'zod';
import { serverNameSchema } from './ids.ts';

export const clientConfigSchema = z.strictObject({
  serverName: serverNameSchema,
  /** Base of the Matrix client-server API. */
  homeserverUrl: z.url({ protocol: /^https?$/ }),
  /** Base of the appservice's API. */
  appserviceUrl: z.url({ protocol: /^https?$/ }),
  /** Land Hessen */
  domainName: z.string().min(1),
  theme: z.enum(['land', 'polizei']),
});
export type ClientConfig = z.infer<typeof clientConfigSchema>;
