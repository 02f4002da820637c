import { afterEach, describe, expect, test } from 'vitest';
import type { Engine, Update } from '../protocol.ts';
import { hostElected } from './elected-host.ts';
import type { Channel, ToEngine, ToPage } from './messages.ts';
import { remoteEngine } from './remote-engine.ts';

/** Web Locks as the worker uses them: whoever asks waits until the holder is gone. */
function locks() {
  const queues = new Map<string, (() => void)[]>();
  const request = (name: string, hold: () => unknown): Promise<void> =>
    new Promise<void>((resolve) => {
      const queue = queues.get(name) ?? [];
      queues.set(name, queue);
      queue.push(() => void Promise.resolve(hold()).then(() => resolve()));
      if (queue.length === 1) queueMicrotask(() => queue[0]?.());
    });
  /** The holder's worker ends. */
  const release = (name: string): void => {
    const queue = queues.get(name);
    queue?.shift();
    queue?.[0]?.();
  };
  return { request, release };
}

const original = globalThis.navigator;
afterEach(() => Object.defineProperty(globalThis, 'navigator', { value: original, configurable: true }));

function channelPair(): [Channel<ToPage, ToEngine>, Channel<ToEngine, ToPage>] {
  const { port1, port2 } = new MessageChannel();
  const channel = <In, Out>(port: MessagePort): Channel<In, Out> => ({
    post: (message) => port.postMessage(message),
    listen: (listener) => port.addEventListener('message', ({ data }: MessageEvent<In>) => listener(data)),
  });
  port1.start();
  port2.start();
  return [channel(port1), channel(port2)];
}

/** An engine that says its name. */
function namedEngine(name: string): Engine {
  const nothing = (): void => undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test commands nothing else
  return {
    subscribe: () => nothing,
    closeRoom: nothing,
    searchPeople: async () => ({ ok: true, value: { people: [], total: name.length } }),
  } as unknown as Engine;
}

function page(name: string): { engine: Engine; updates: Update[] } {
  const [pageSide, workerSide] = channelPair();
  hostElected(workerSide, () => namedEngine(name));
  const engine = remoteEngine(pageSide);
  const updates: Update[] = [];
  engine.subscribe((update) => updates.push(update));
  return { engine, updates };
}

describe('pages without a SharedWorker', () => {
  test('share the engine of the first one, and the next takes over when it is gone', async () => {
    const { request, release } = locks();
    Object.defineProperty(globalThis, 'navigator', { value: { locks: { request } }, configurable: true });
    const first = page('a');
    expect(await first.engine.searchPeople('', 1)).toMatchObject({ value: { total: 1 } });
    const second = page('bb');
    expect(await second.engine.searchPeople('', 1)).toMatchObject({ value: { total: 1 } });
    release('landbote-engine');
    await expect.poll(() => second.updates.some(({ type }) => type === 'restarted')).toBe(true);
    expect(await second.engine.searchPeople('', 1)).toMatchObject({ value: { total: 2 } });
  });
});
