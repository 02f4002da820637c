/** A page with media, service worker and policy as the client has them, and without the rest of it. */
import { scriptUrl } from '../../../../client/src/platform/script-url.ts';
import { registerServiceWorker } from '../../../../client/src/platform/service-worker.ts';
import { saveMedia } from '../../../../client/src/platform/save-media.ts';
import { mediaUrl } from '../../../../client/src/service-worker/media-address.ts';
import type { Answer, Command, Outcome } from './commands.ts';
// oxlint-disable-next-line import/default -- Vite makes it
import workerUrl from './media.worker.ts?worker&url';

/** Put in by the build: two builds differ in it. */
declare const BUILD: string;

const worker = new Worker(scriptUrl(workerUrl), { type: 'module' });

function element(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

/** Carries out a command in the worker. */
function engine(command: Command): Promise<Outcome> {
  const id = crypto.randomUUID();
  return new Promise((resolve) => {
    const listen = ({ data }: MessageEvent<Answer>): void => {
      if (data.id !== id) return;
      worker.removeEventListener('message', listen);
      resolve(data.outcome);
    };
    worker.addEventListener('message', listen);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no target origin
    worker.postMessage({ id, command });
  });
}

function show(source: string): Promise<string> {
  const image = document.createElement('img');
  document.body.append(image);
  return new Promise((resolve) => {
    image.addEventListener('load', () => resolve(`${image.naturalWidth}×${image.naturalHeight}`));
    image.addEventListener('error', () => resolve('error'));
    image.src = mediaUrl(source);
  });
}

element('h1').textContent = BUILD;
element('button').addEventListener('click', () => {
  void import('./chapter.ts').then(({ chapter }) => (element('output').textContent = chapter));
});
/** Settles once the service worker answers for this page. */
function served(): Promise<void> {
  const container = navigator.serviceWorker;
  return new Promise((resolve) => {
    if (container.controller) resolve();
    container.addEventListener('controllerchange', () => resolve(), { once: true });
  });
}

Object.assign(globalThis, { engine, save: saveMedia, show });
void registerServiceWorker((apply) => {
  element('p').textContent = 'Neue Version';
  element('p').addEventListener('click', apply);
})
  .then(served)
  .then(() => document.body.setAttribute('data-served', ''));
