import type { Engine, Failure } from './engine/protocol.ts';
import { storedDrafts, storedSnapshot } from './first-read.ts';
import { App } from './model/app.svelte.ts';
import type { Preferences } from './model/preferences.svelte.ts';
import type { Platform } from './platform/platform.ts';

/** There was nothing to paint, and the client's configuration could not be had. */
export class NotStarted extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/**
 * The app as it was left, or as for the first time. Doesn't wait for the engine where there is something to paint.
 * @throws NotStarted
 */
export async function startApp(engine: Engine, platform: Platform, preferences: Preferences): Promise<App> {
  const [snapshot, drafts] = await Promise.all([storedSnapshot, storedDrafts]);
  if (snapshot) {
    const app = new App(snapshot.config, engine, platform, preferences);
    app.people.showStored(snapshot.directory);
    app.drafts.showStored(drafts);
    app.showStored(snapshot.identity, snapshot.updates);
    return app;
  }
  const configuration = await engine.configuration();
  if (!configuration.ok) throw new NotStarted(configuration.failure);
  return new App(configuration.value, engine, platform, preferences);
}
