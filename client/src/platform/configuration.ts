import { clientConfigSchema, type ClientConfig } from '#contract/client-config.ts';

/** Reads `/config.json`. Throws if it is missing or none. */
export async function loadConfiguration(): Promise<ClientConfig> {
  const response = await fetch('/config.json', { cache: 'no-cache' });
  return clientConfigSchema.parse(await response.json());
}
