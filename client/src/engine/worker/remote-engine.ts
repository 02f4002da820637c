/** The engine as a page sees it: the same commands, carried out in a worker. */
import type { Engine, Update } from '../protocol.ts';
import { commands, type Channel, type Command, type ToEngine, type ToPage } from './messages.ts';

interface Call {
  readonly message: Extract<ToEngine, { type: 'call' }>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

type Waiting = Map<number, Call>;

/** What a page begins with: the next engine answers as well, and asking twice changes nothing. */
const repeatable: ReadonlySet<Command> = new Set(['configuration', 'restore']);

export function remoteEngine(channel: Channel<ToPage, ToEngine>): Engine {
  const listeners = new Set<(update: Update) => void>();
  const waiting: Waiting = new Map();
  let lastId = 0;

  function call(command: Command, args: readonly unknown[]): Promise<unknown> {
    const id = (lastId += 1);
    const message = { type: 'call', id, command, args } as const;
    const answered = new Promise<unknown>((resolve, reject) => waiting.set(id, { message, resolve, reject }));
    // Commands without a result are not awaited by anybody; their faults still show in the console.
    channel.post(message);
    return answered;
  }

  channel.listen((message) => {
    if (message.type !== 'update') return settle(waiting, message);
    // What was asked of an engine that is gone gets no answer any more.
    if (message.update.type === 'restarted') abandon(waiting, channel);
    for (const listener of listeners) listener(message.update);
  });

  const remote = Object.fromEntries(commands.map((command) => [command, (...args: unknown[]) => call(command, args)]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made from the list of exactly these commands
  return Object.assign(remote, {
    subscribe(listener: (update: Update) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  }) as unknown as Engine;
}

function settle(waiting: Waiting, message: Exclude<ToPage, { type: 'update' }>): void {
  const caller = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.type === 'answer') caller?.resolve(message.value);
  else caller?.reject(new Error(`engine: ${message.reference}`));
}

/** As if the homeserver had not answered: the person may try again. */
function abandon(waiting: Waiting, channel: Channel<ToPage, ToEngine>): void {
  for (const [id, { message, resolve }] of waiting) {
    if (repeatable.has(message.command)) {
      channel.post(message);
      continue;
    }
    waiting.delete(id);
    resolve({ ok: false, failure: { kind: 'unreachable' } });
  }
}
