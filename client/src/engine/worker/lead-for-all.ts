/** The worker that runs the engine, for its own page and for those of the workers that relay. */
import type { Engine } from '../protocol.ts';
import type { Channel, ToEngine, ToPage } from './messages.ts';
import { onRelayed, sendRelayed } from './relayed.ts';
import { onPageGone, servePage } from './serve-page.ts';

/** @param unsent what the own page asked before anybody led. */
export function leadForAll(
  own: Channel<ToEngine, ToPage>,
  others: BroadcastChannel,
  newSeat: () => Engine,
  unsent: readonly ToEngine[],
): void {
  const leaderId = crypto.randomUUID();
  const seats = new Map<string, RelayedSeat>();
  const announce = (): void => sendRelayed(others, { type: 'leader', leaderId });

  const ownSeat = seatFor((message) => own.post(message), newSeat());
  own.listen(ownSeat.take);
  for (const message of unsent) ownSeat.take(message);

  onRelayed(others, (message) => {
    if (message.type === 'who-leads') announce();
    if (message.type !== 'to-engine') return;
    const { seatId } = message;
    const seat =
      seats.get(seatId) ??
      seatFor((reply) => sendRelayed(others, { type: 'to-page', seatId, message: reply }), newSeat());
    seats.set(seatId, seat);
    if (message.message.type === 'hello') onPageGone(message.message.pageId, () => leave(seatId));
    seat.take(message.message);
  });
  announce();

  function leave(seatId: string): void {
    seats.get(seatId)?.end();
    seats.delete(seatId);
  }
}

interface RelayedSeat {
  take(message: ToEngine): void;
  end(): void;
}

function seatFor(post: (message: ToPage) => void, engine: Engine): RelayedSeat {
  let deliver: (message: ToEngine) => void = () => undefined;
  const end = servePage({ post, listen: (listener) => (deliver = listener) }, engine);
  return { take: (message) => deliver(message), end };
}
