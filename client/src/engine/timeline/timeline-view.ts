import type { Encryption } from '../encryption/encryption.ts';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import type { RosterState, TimelineItem, TimelineUpdate } from '../protocol.ts';
import type { RoomView } from '../rooms/room-data.ts';
import type { Chunk } from './chunk.ts';
import { itemsOf, pendingItems, type FoldingContext } from './fold.ts';
import { fetchEvent } from './history-requests.ts';
import { loadBeyond } from './load-history.ts';
import type { RoomTimeline } from './room-timeline.ts';
import type { TimelineEvent } from './timeline-event.ts';
import {
  around,
  countBefore,
  extentOf,
  firstSize,
  grownNewer,
  grownOlder,
  newest,
  stepSize,
  trimmed,
  windowOf,
  type Extent,
  type Window,
} from './window.ts';

export interface ViewSurroundings {
  readonly api: HomeserverApi;
  encryption(): Pick<Encryption, 'decrypt'> | null;
  context(): FoldingContext;
  identityChanges(): readonly string[];
  roster(): RosterState;
  firstUnreadId(): string | null;
  /** Stores what was loaded or decrypted, and lets everybody who shows the room know. */
  changed(): Promise<void>;
  emit(update: TimelineUpdate): void;
}

/** Messages before the window that are held while the person goes back. */
const aheadSize = 4 * stepSize;
const firstPage = 100;
const largestPage = 800;

/** One page's window on a room. It never crosses a gap: what lies in it is loaded before it is passed. */
export class TimelineView implements RoomView {
  readonly roomId: string;
  /** Settles when the first screen is full, or can't be filled now. */
  readonly filled: Promise<void>;
  readonly #timeline: RoomTimeline;
  readonly #surroundings: ViewSurroundings;
  readonly #firstUnreadId: string | null;
  readonly #askedFor = new Set<string>();
  readonly #endSubscription: () => void;
  #sent = new Map<string, string>();
  #sentOutline = '';
  #window: Window = { first: null, last: null };
  #loading: Promise<void> = Promise.resolve();
  /** Older history on its way: whoever needs it waits for the same request. */
  #olderPage: Promise<void> | null = null;
  /** How often older history was loaded in a row. */
  #olderPages = 0;
  #hasEnded = false;

  constructor(timeline: RoomTimeline, surroundings: ViewSurroundings, aroundEventId: string | null) {
    this.roomId = timeline.roomId;
    this.#timeline = timeline;
    this.#surroundings = surroundings;
    this.#firstUnreadId = surroundings.firstUnreadId();
    const chunk = aroundEventId === null ? null : timeline.history.chunkOf(aroundEventId);
    if (chunk && aroundEventId !== null) this.#window = windowOf(chunk, around(chunk, aroundEventId));
    else this.#showNewest();
    this.#endSubscription = timeline.subscribe(() => this.refresh());
    this.refresh();
    this.filled = this.#fillScreen();
  }

  loadOlder(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#countOlder() === 0) await this.#loadOlderPage();
      this.#move(grownOlder);
      this.#loadAhead();
    });
  }

  loadNewer(): Promise<void> {
    return this.#inTurn(async () => {
      const chunk = this.#chunk();
      if (chunk && !chunk.isLive && extentOf(chunk, this.#window).to >= chunk.events.length) await this.#load('newer');
      this.#move(grownNewer);
    });
  }

  repeat(): void {
    this.#sent = new Map();
    this.#sentOutline = '';
    this.refresh();
  }

  close(): void {
    this.#hasEnded = true;
    this.#endSubscription();
  }

  /** Emits what is new or different. */
  refresh(): void {
    if (this.#hasEnded) return;
    this.#follow();
    const chunk = this.#chunk();
    const { from, to } = chunk ? extentOf(chunk, this.#window) : { from: 0, to: 0 };
    const events = chunk?.events.slice(from, to) ?? [];
    const isAtEnd = this.#window.last === null;
    const context = this.#surroundings.context();
    const held = itemsOf(context, events);
    const items = isAtEnd ? [...held, ...stillPending(context, held)] : held;
    this.#emit(items, {
      hasOlder: chunk !== null && (countBefore(chunk, from) > 0 || chunk.olderToken !== null),
      hasNewer: !isAtEnd,
    });
    void this.#complete(context, events, items);
  }

  /** A page at the newest message stays there, also when the sync has left out what came before it. */
  #follow(): void {
    if (this.#window.last !== null) return;
    const chunk = this.#chunk();
    if (!chunk) return;
    if (!chunk.isLive) {
      this.#showNewest();
      void this.#fillScreen();
    } else this.#window = windowOf(chunk, trimmed(chunk, extentOf(chunk, this.#window)));
  }

  #showNewest(): void {
    const { live } = this.#timeline.history;
    this.#window = live ? windowOf(live, newest(live)) : { first: null, last: null };
  }

  #chunk(): Chunk | null {
    const { history } = this.#timeline;
    return this.#window.first === null ? history.live : history.chunkOf(this.#window.first);
  }

  #countOlder(): number {
    const chunk = this.#chunk();
    return chunk ? countBefore(chunk, extentOf(chunk, this.#window).from) : 0;
  }

  #move(grow: (chunk: Chunk, extent: Extent) => Extent): void {
    const chunk = this.#chunk();
    if (chunk) this.#window = windowOf(chunk, grow(chunk, extentOf(chunk, this.#window)));
    this.refresh();
  }

  async #fillScreen(): Promise<void> {
    if (this.#hasEnded || this.#isFull()) return;
    const isLoaded = await this.#loadOlderPage().then(
      () => true,
      () => false,
    );
    if (isLoaded && !this.#hasEnded) this.#move(this.#window.last === null ? newest : grownOlder);
  }

  /** The next steps back are loaded before they are asked for, and nobody waits for that. */
  #loadAhead(): void {
    const held = this.#countOlder();
    if (this.#hasEnded || held >= aheadSize) return;
    const load = async (): Promise<void> => {
      await this.#loadOlderPage();
      if (this.#countOlder() > held) this.#loadAhead();
    };
    void load().catch(() => undefined);
  }

  #loadOlderPage(): Promise<void> {
    if (this.#olderPage) return this.#olderPage;
    // Who goes far back gets ever larger parts: the homeserver gives a thousand as quickly as a few hundred.
    const size = Math.min(largestPage, firstPage * 2 ** this.#olderPages);
    this.#olderPages += 1;
    this.#olderPage = this.#load('older', size).finally(() => (this.#olderPage = null));
    return this.#olderPage;
  }

  #isFull(): boolean {
    const chunk = this.#chunk();
    if (!chunk) return false;
    const { from, to } = extentOf(chunk, this.#window);
    return countBefore(chunk, to) - countBefore(chunk, from) >= firstSize;
  }

  async #load(direction: 'older' | 'newer', pageSize = firstPage): Promise<void> {
    const chunk = this.#chunk();
    const edge = direction === 'older' ? chunk?.events[0] : chunk?.events.at(-1);
    // Where nothing is left to load nothing changes, and nothing is stored.
    if (!chunk || (direction === 'older' && chunk.olderToken === null)) return;
    await loadBeyond(this.#surroundings.api, this.#timeline, edge?.id ?? null, direction, pageSize);
    await this.#surroundings.changed();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#loading.then(() => (this.#hasEnded ? undefined : work()));
    this.#loading = result.catch(() => undefined);
    return result;
  }

  #emit(items: readonly TimelineItem[], ends: Pick<TimelineUpdate, 'hasOlder' | 'hasNewer'>): void {
    const forms = new Map(items.map((item) => [item.id, JSON.stringify(item)]));
    const changed = items.filter((item) => this.#sent.get(item.id) !== forms.get(item.id));
    const outline = {
      order: [...forms.keys()],
      ...ends,
      identityChanges: this.#surroundings.identityChanges(),
      roster: this.#surroundings.roster(),
    };
    const form = JSON.stringify(outline);
    if (changed.length === 0 && form === this.#sentOutline) return;
    this.#sent = forms;
    this.#sentOutline = form;
    this.#surroundings.emit({ roomId: this.roomId, changed, firstUnreadId: this.#firstUnreadId, ...outline });
  }

  /** Decrypts what is shown and fetches what is quoted. */
  async #complete(
    context: FoldingContext,
    events: readonly TimelineEvent[],
    items: readonly TimelineItem[],
  ): Promise<void> {
    const quotes = items.flatMap(({ quote }) => quote ?? []);
    const missing = quotes.filter(
      ({ eventId }) => eventId.startsWith('$') && !context.event(eventId) && !this.#askedFor.has(eventId),
    );
    for (const { eventId } of missing) this.#askedFor.add(eventId);
    const fetched = await Promise.all(missing.map(({ eventId }) => this.#fetchQuoted(eventId)));
    const encryption = this.#surroundings.encryption();
    const edits = events.flatMap(({ id }) => context.relations.edits(id));
    const quoted = quotes.flatMap(({ eventId }) => context.event(eventId) ?? []);
    const isDecrypted =
      encryption !== null && (await this.#timeline.decrypt(encryption, [...events, ...edits, ...quoted]));
    if (isDecrypted || fetched.includes(true)) await this.#surroundings.changed();
  }

  /** A message that may not be seen from here is quoted without its text. */
  async #fetchQuoted(eventId: string): Promise<boolean> {
    try {
      const event = await fetchEvent(this.#surroundings.api, this.roomId, eventId);
      if (event) this.#timeline.addQuoted(event);
      return event !== null;
    } catch {
      return false;
    }
  }
}

/** The event may have come in before the outbox knows. */
function stillPending(context: FoldingContext, held: readonly TimelineItem[]): readonly TimelineItem[] {
  const heldIds = new Set(held.map(({ id }) => id));
  return pendingItems(context).filter(({ id }) => !heldIds.has(id));
}
