/**
 * Renders the reverse proxy's configuration. Pure but for reading the template once.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { serverNameSchema } from '#contract/ids.ts';

export const proxyParametersSchema = z.strictObject({
  serverName: serverNameSchema,
  /** The name that people open in the browser. */
  clientHost: z.hostname(),
});
export type ProxyParameters = z.infer<typeof proxyParametersSchema>;

const template = readFileSync(new URL('nginx.template.conf', import.meta.url), 'utf8');

/** nginx.conf with the parameters put in. They are parsed by `proxyParametersSchema`, so none can carry a directive. */
export function renderProxy(parameters: ProxyParameters): string {
  return template
    .replaceAll('{{serverName}}', parameters.serverName)
    .replaceAll('{{clientHost}}', parameters.clientHost);
}
