/** A page with media, service worker and policy as the client has them, and without the rest of it. */
import { portChannel } from '../../../../client/src/engine/worker/messages.ts';
import { saveMedia, showPicture } from '../../../../client/src/platform/page-media.ts';
import { scriptUrl } from '../../../../client/src/platform/script-url.ts';
import { registerServiceWorker } from '../../../../client/src/platform/service-worker.ts';
import type { Answer, Command, Order, Outcome } from './commands.ts';
// oxlint-disable-next-line import/default -- Vite makes it
import workerUrl from './media.worker.ts?worker&url';

/** Put in by the build: two builds differ in it. */
declare const BUILD: string;

/** Shared where the browser can, as the client's engine. */
const worker = portChannel<Answer, Order>(startWorker(scriptUrl(workerUrl)));
const outcomes = new Map<string, (outcome: Outcome) => void>();

function startWorker(url: string): Worker | MessagePort {
  return 'SharedWorker' in globalThis
    ? new SharedWorker(url, { type: 'module' }).port
    : new Worker(url, { type: 'module' });
}

function element(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

/** Carries out a command in the worker. */
function engine(command: Command): Promise<Outcome> {
  const id = crypto.randomUUID();
  return new Promise((resolve) => {
    outcomes.set(id, resolve);
    worker.post({ id, command });
  });
}

/** Size of the picture as the browser shows it, or `error`. */
async function show(source: string): Promise<string> {
  const picture = await showPicture(source);
  if (!picture) return 'error';
  const image = document.createElement('img');
  document.body.append(image);
  image.src = picture.address;
  return image.decode().then(
    () => `${image.naturalWidth}×${image.naturalHeight}`,
    () => 'error',
  );
}

worker.listen(({ id, outcome }) => outcomes.get(id)?.(outcome));
element('h1').textContent = BUILD;
element('button').addEventListener('click', () => {
  void import('./chapter.ts').then(({ chapter }) => (element('output').textContent = chapter));
});
Object.assign(globalThis, { engine, save: saveMedia, show });
void registerServiceWorker((apply) => {
  element('p').textContent = 'Neue Version';
  element('p').addEventListener('click', apply);
}).then(() => document.body.setAttribute('data-served', ''));
