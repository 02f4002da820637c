/** Starts the engine, then paints what was there last; the two do not wait for each other. */
import { mount } from 'svelte';
import { connectEngine } from './engine/worker/connect.ts';
import { Preferences } from './model/preferences.svelte.ts';
import { browserPlatform } from './platform/browser.ts';
import { registerServiceWorker } from './platform/service-worker.ts';
import { startApp } from './start.ts';
import './ui/base.css';
import Root from './ui/Root.svelte';

const target = document.getElementById('landbote');
if (!target) throw new Error('index.html has no element #landbote');
const notStarted = target.firstElementChild ?? '';

const platform = browserPlatform();
const preferences = new Preferences(platform.preferences, platform.languages);
const starting = startApp(connectEngine(sayNotStarted), platform, preferences);
void preferences.ready.then(() => {
  target.replaceChildren();
  return mount(Root, { target, props: { platform, preferences, starting } });
});
keepBuild().catch(() => undefined);

function sayNotStarted(): void {
  document.documentElement.classList.add('has-failed');
  target?.replaceChildren(notStarted);
}

/** From the next visit on the page opens without the network, and always with all its files of one build. */
async function keepBuild(): Promise<void> {
  const app = await starting;
  await registerServiceWorker((take) => app.offerUpdate(take));
}
