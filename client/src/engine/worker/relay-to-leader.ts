/** A page's worker while another one runs the engine: passes on what the page asks and what comes back. */
import type { Channel, ToEngine, ToPage } from './messages.ts';
import { onRelayed, sendRelayed } from './relayed.ts';

export interface Relay {
  /** Ends passing on. `unsent`: what the page asked while nobody led, its greeting first. */
  end(): { readonly unsent: readonly ToEngine[]; readonly hadLeader: boolean };
}

export function relayToLeader(own: Channel<ToEngine, ToPage>, others: BroadcastChannel): Relay {
  const seatId = crypto.randomUUID();
  let leaderId: string | null = null;
  let greeting: ToEngine | null = null;
  let unsent: ToEngine[] = [];
  let hasEnded = false;
  const forward = (message: ToEngine): void => sendRelayed(others, { type: 'to-engine', seatId, message });

  function follow(nextId: string): void {
    if (nextId === leaderId) return;
    const isSuccessor = leaderId !== null;
    leaderId = nextId;
    if (isSuccessor && greeting) forward(greeting);
    for (const message of unsent) forward(message);
    unsent = [];
    // What was open at the last leader has to be opened again.
    if (isSuccessor) own.post({ type: 'update', update: { type: 'restarted' } });
  }

  own.listen((message) => {
    if (hasEnded) return;
    if (message.type === 'hello') greeting = message;
    if (leaderId === null) unsent.push(message);
    else forward(message);
  });
  const stopListening = onRelayed(others, (message) => {
    if (message.type === 'leader') follow(message.leaderId);
    if (message.type === 'to-page' && message.seatId === seatId) own.post(message.message);
  });
  sendRelayed(others, { type: 'who-leads' });

  return {
    end() {
      hasEnded = true;
      stopListening();
      // A greeting that went to a leader who is gone has to be said again.
      const repeated = leaderId !== null && greeting !== null ? [greeting] : [];
      return { unsent: [...repeated, ...unsent], hadLeader: leaderId !== null };
    },
  };
}
