import { databaseName, readBootSnapshot } from './engine/boot-snapshot.ts';
import { readDrafts } from './engine/kept-drafts.ts';
import type { Engine } from './engine/protocol.ts';
import { App } from './model/app.svelte.ts';
import type { Preferences } from './model/preferences.svelte.ts';
import type { Platform } from './platform/platform.ts';

/**
 * The app as it was left, or as for the first time. Doesn't wait for the engine where there is something to paint.
 * @throws Error if the client's configuration cannot be had.
 */
export async function startApp(engine: Engine, platform: Platform, preferences: Preferences): Promise<App> {
  // A store that cannot be read has nothing to paint; the engine will say what is wrong.
  const [snapshot, drafts] = await Promise.all([
    readBootSnapshot().catch(() => null),
    readDrafts(databaseName).catch(() => ({})),
  ]);
  if (snapshot) {
    const app = new App(snapshot.config, engine, platform, preferences);
    app.people.showStored(snapshot.directory);
    app.drafts.showStored(drafts);
    app.showStored(snapshot.identity, snapshot.updates);
    return app;
  }
  const configuration = await engine.configuration();
  if (!configuration.ok) throw new Error('no configuration');
  return new App(configuration.value, engine, platform, preferences);
}
