/** A page with media, service worker and policy as the client has them, and without the rest of it. */
import { saveMedia, showPicture } from '../../../../client/src/platform/page-media.ts';
import { scriptUrl } from '../../../../client/src/platform/script-url.ts';
import { registerServiceWorker } from '../../../../client/src/platform/service-worker.ts';
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

element('h1').textContent = BUILD;
element('button').addEventListener('click', () => {
  void import('./chapter.ts').then(({ chapter }) => (element('output').textContent = chapter));
});
Object.assign(globalThis, { engine, save: saveMedia, show });
void registerServiceWorker((apply) => {
  element('p').textContent = 'Neue Version';
  element('p').addEventListener('click', apply);
}).then(() => document.body.setAttribute('data-served', ''));
