import type { ClientConfig } from '#contract/client-config.ts';
import { App } from './model/app.svelte.ts';
import type { Preferences } from './model/preferences.svelte.ts';
import type { Platform } from './platform/platform.ts';

/** Loads what the first paint does without: the engine with the Matrix SDK. */
export async function startApp(config: ClientConfig, platform: Platform, preferences: Preferences): Promise<App> {
  const [{ createEngine }, { sessionStore }] = await Promise.all([
    import('./engine/engine.ts'),
    import('./platform/session-store.ts'),
  ]);
  const engine = createEngine(config, sessionStore(`landbote-session-${config.serverName}`));
  return new App(config, engine, platform, preferences);
}
