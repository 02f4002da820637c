/** Starts or joins the engine from a page. */
import type { Engine } from '../protocol.ts';
import workerUrl from './engine.worker.ts?worker&url';
import { portChannel, type Channel, type ToEngine, type ToPage } from './messages.ts';
import { remoteEngine } from './remote-engine.ts';

export function connectEngine(): Engine {
  const channel = openChannel(trustedWorkerUrl());
  const pageId = `landbote-page-${crypto.randomUUID()}`;
  // Tells the engine when this page is gone; the browser lets go of it however the page ends.
  void navigator.locks.request(pageId, () => {
    channel.post({ type: 'hello', pageId });
    return new Promise<never>(() => undefined);
  });
  return remoteEngine(channel);
}

function openChannel(url: string): Channel<ToPage, ToEngine> {
  const options = { type: 'module', name: 'landbote-engine' } as const;
  return portChannel('SharedWorker' in globalThis ? new SharedWorker(url, options).port : new Worker(url, options));
}

/** The content security policy lets this policy alone name scripts, and it knows one. */
function trustedWorkerUrl(): string {
  if (!('trustedTypes' in globalThis)) return workerUrl;
  const policy = (globalThis as unknown as { trustedTypes: TrustedTypes }).trustedTypes.createPolicy('landbote-worker', {
    createScriptURL(url) {
      if (url !== workerUrl) throw new TypeError('This is not the engine.');
      return url;
    },
  });
  return policy.createScriptURL(workerUrl) as string;
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}
