import type { Address } from '../platform/platform.ts';

export type Place =
  | { readonly view: 'chats' | 'bodies' }
  | { readonly view: 'room'; readonly roomId: string; readonly eventId: string | null; readonly details: boolean };

/** Where the person is, kept in the address so that reload and the back button work. */
export class Navigation {
  readonly #address: Address;
  readonly #isHidden: () => boolean;
  #place = $state.raw<Place>({ view: 'chats' });

  /** @param isHidden whether addresses may tell nothing: on a shared computer */
  constructor(address: Address, isHidden: () => boolean) {
    this.#address = address;
    this.#isHidden = isHidden;
    this.#place = parsePlace(address.read());
    address.subscribe((fragment) => (this.#place = parsePlace(fragment)));
  }

  get place(): Place {
    return this.#place;
  }

  get roomId(): string | null {
    return this.#place.view === 'room' ? this.#place.roomId : null;
  }

  /** The message that a permalink names. */
  get eventId(): string | null {
    return this.#place.view === 'room' ? this.#place.eventId : null;
  }

  get showsDetails(): boolean {
    return this.#place.view === 'room' && this.#place.details;
  }

  openRoom(roomId: string): void {
    if (this.roomId !== roomId) this.#push(`/room/${roomId}`);
  }

  openMessage(roomId: string, eventId: string): void {
    this.#push(`/room/${roomId}/${eventId}`);
  }

  showDetails(shown: boolean): void {
    if (this.roomId === null || this.showsDetails === shown) return;
    const fragment = `/room/${this.roomId}${shown ? '/details' : ''}`;
    if (shown) this.#push(fragment);
    else this.#replace(fragment);
  }

  open(view: 'chats' | 'bodies'): void {
    this.#push(`/${view}`);
  }

  /** What a link to the room names: for opening it in a tab of its own. */
  addressOf(roomId: string): string {
    return this.#isHidden() ? '#' : `#/room/${roomId}`;
  }

  /** Takes what must not be told out of the address with which the person came. */
  hide(): void {
    if (this.#isHidden()) this.#replace(this.#address.read());
  }

  /** Leaves nothing of the last person's rooms in the address. */
  reset(): void {
    this.#address.forget();
    this.#address.replace('/chats', false);
  }

  #push(fragment: string): void {
    this.#address.push(fragment, this.#isHidden());
  }

  #replace(fragment: string): void {
    this.#address.replace(fragment, this.#isHidden());
  }
}

/** The fragment of a link to one message. */
export function permalinkOf(roomId: string, eventId: string): string {
  return `#/room/${roomId}/${eventId}`;
}

export function parsePlace(fragment: string): Place {
  const room = /^\/room\/(![^/\s]+)(?:\/(details|\$[^/\s]+))?$/.exec(fragment);
  if (room?.[1] === undefined) return { view: fragment === '/bodies' ? 'bodies' : 'chats' };
  const eventId = room[2]?.startsWith('$') === true ? room[2] : null;
  return { view: 'room', roomId: room[1], eventId, details: room[2] === 'details' };
}
