/**
 * The engine where the browser has no SharedWorker: every page has a worker of its own, and the one that holds a Web
 * Lock runs the engine for all. The others pass messages on, and one of them takes over when it goes.
 */
import type { Engine } from '../protocol.ts';
import { leadForAll } from './lead-for-all.ts';
import type { Channel, ToEngine, ToPage } from './messages.ts';
import { relayToLeader } from './relay-to-leader.ts';

const leaderLock = 'landbote-engine';

/** @param own this worker's page. */
export function hostElected(own: Channel<ToEngine, ToPage>, newSeat: () => Engine): void {
  const others = new BroadcastChannel(leaderLock);
  const relay = relayToLeader(own, others);
  void navigator.locks.request(leaderLock, () => {
    const { unsent, hadLeader } = relay.end();
    leadForAll(own, others, newSeat, unsent);
    if (hadLeader) own.post({ type: 'update', update: { type: 'restarted' } });
    // Held until this worker ends.
    return new Promise<never>(() => undefined);
  });
}
