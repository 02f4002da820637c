/** Carries out one page's commands and sends it the engine's updates. */
import type { Engine } from '../protocol.ts';
import { carryOut } from './carry-out.ts';
import { commands, type Channel, type ToEngine, type ToPage } from './messages.ts';

/** @param seat the engine as this page uses it. Returns what ends the service. */
export function servePage(channel: Channel<ToEngine, ToPage>, seat: Engine): () => void {
  let hasEnded = false;
  const post = (message: ToPage): void => {
    if (!hasEnded) channel.post(message);
  };
  const unsubscribe = seat.subscribe((update) => post({ type: 'update', update }));
  channel.listen((message) => {
    if (message.type === 'call') void answer(seat, message).then(post);
  });
  return () => {
    hasEnded = true;
    unsubscribe();
    seat.closeRoom();
    seat.setWatched(false);
  };
}

async function answer(seat: Engine, { id, command, args }: Extract<ToEngine, { type: 'call' }>): Promise<ToPage> {
  try {
    if (!commands.includes(command)) throw new Error('unknown-command');
    return { type: 'answer', id, value: await carryOut(seat, command, args) };
  } catch (error) {
    return { type: 'fault', id, reference: error instanceof Error ? error.message : 'unknown' };
  }
}

/** Calls back when the page is gone: it holds this lock as long as it lives, crashed pages let go of it too. */
export function onPageGone(pageId: string, gone: () => void): void {
  void navigator.locks.request(pageId, gone).catch(gone);
}
