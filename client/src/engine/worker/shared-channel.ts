import { portChannel, type Alive, type Channel, type ToEngine, type ToPage } from './messages.ts';

const answerMsMax = 3_000;

/**
 * A page's connection to the engine in a SharedWorker. Browsers let the worker live in the process of one of its
 * pages: when that crashes, the others notice by the worker's Web Lock, begin a new engine and are told so.
 * @param join connects to the engine of this browser, and starts it where there is none
 */
export function sharedChannel(join: () => MessagePort): Channel<ToPage, ToEngine> {
  const listeners = new Set<(message: ToPage) => void>();
  let greeting: ToEngine | null = null;
  let hasAnswered = false;
  let current = connect();

  function connect(): Channel<ToPage | Alive, ToEngine> {
    hasAnswered = false;
    const channel = portChannel<ToPage | Alive, ToEngine>(join());
    channel.listen((message) => {
      if (channel !== current) return;
      hasAnswered = true;
      if (message.type === 'alive') void succeedTo(message.lockName);
      else tell(message);
    });
    return channel;
  }

  async function succeedTo(lockName: string): Promise<void> {
    // Granted when the engine has ended; all pages wait for it together.
    await navigator.locks.request(lockName, { mode: 'shared' }, () => undefined);
    beginAnew();
  }

  function beginAnew(): void {
    const channel = connect();
    current = channel;
    if (greeting) channel.post(greeting);
    tell({ type: 'update', update: { type: 'restarted' } });
    // For a moment the browser may still lead to the worker that has ended, which never answers.
    setTimeout(() => {
      if (current === channel && !hasAnswered) beginAnew();
    }, answerMsMax);
  }

  function tell(message: ToPage): void {
    for (const listener of listeners) listener(message);
  }

  return {
    post(message) {
      if (message.type === 'hello') greeting = message;
      current.post(message);
    },
    listen: (listener) => void listeners.add(listener),
  };
}
