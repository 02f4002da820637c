import type { Alert, Engine, OutgoingFile, OutgoingMessage, Quote, TimelineItem } from '../engine/protocol.ts';
import type { Clock } from '../platform/platform.ts';
import type { HandOver } from './hand-over.ts';
import { echoOfFile, echoOfMessage, type Author } from './local-echo.ts';
import type { Timeline } from './timeline.svelte.ts';
import { Typing } from './typing.ts';

interface Parts {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly handOver: HandOver;
  readonly author: () => Author;
}

/** What a person does in the room that is open. */
export class Conversation {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #timeline: Timeline;
  readonly #handOver: HandOver;
  readonly #author: () => Author;
  /** Sent from this page, to be shown until they are uploaded and without being fetched. */
  readonly #files = new Map<string, File>();
  readonly typing: Typing;

  constructor({ engine, clock, timeline, handOver, author }: Parts) {
    this.#engine = engine;
    this.#clock = clock;
    this.#timeline = timeline;
    this.#handOver = handOver;
    this.#author = author;
    this.typing = new Typing(engine, clock);
  }

  send(roomId: string, message: OutgoingMessage): void {
    const of = this.#begin(message.answers);
    this.#timeline.addEcho(echoOfMessage(of, message));
    this.#handOver.give('sendMessage', roomId, of.itemId, message);
    this.#engine.markRead(roomId);
  }

  sendFile(roomId: string, file: File, caption: string, answers: string | null): void {
    this.#sendFile(roomId, { file, caption, answers, alert: null });
  }

  sendAlert(roomId: string, file: File, caption: string, alert: Alert): void {
    this.#sendFile(roomId, { file, caption, answers: null, alert });
  }

  #sendFile(roomId: string, { file, ...sent }: Omit<OutgoingFile, 'file' | 'name'> & { readonly file: File }): void {
    const of = this.#begin(sent.answers);
    const outgoing = { file, name: file.name, ...sent };
    this.#files.set(of.itemId, file);
    this.#timeline.addEcho(echoOfFile(of, outgoing));
    this.#engine.sendFile(roomId, of.itemId, outgoing);
  }

  edit(roomId: string, itemId: string, message: OutgoingMessage): void {
    this.typing.stop();
    this.#handOver.give('edit', roomId, itemId, message);
  }

  delete(item: TimelineItem): void {
    this.#withRoom((roomId) => this.#engine.delete(roomId, item.id));
  }

  react(item: TimelineItem, key: string): void {
    this.#withRoom((roomId) => this.#engine.react(roomId, item.id, key));
  }

  retrySending(item: TimelineItem): void {
    this.#withRoom((roomId) => this.#engine.retrySending(roomId, item.id));
  }

  fileOf(itemId: string): File | null {
    return this.#files.get(itemId) ?? null;
  }

  discardUnsent(item: TimelineItem): void {
    this.#files.delete(item.id);
    this.#timeline.removeEcho(item.id);
    this.#withRoom((roomId) => this.#engine.discardUnsent(roomId, item.id));
  }

  prepareToSend(roomId: string): void {
    this.#engine.prepareToSend(roomId);
  }

  markRead(roomId: string): void {
    this.#engine.markRead(roomId);
  }

  prefetch(roomId: string): void {
    void this.#timeline.prefetch(roomId);
  }

  clear(): void {
    this.#files.clear();
  }

  #begin(answers: string | null): { itemId: string; author: Author; sentAt: number; quote: Quote | null } {
    this.typing.sent();
    void this.#timeline.toNewest();
    return {
      itemId: crypto.randomUUID(),
      author: this.#author(),
      sentAt: this.#clock.now(),
      quote: answers === null ? null : this.#quote(answers),
    };
  }

  #quote(eventId: string): Quote {
    const item = this.#timeline.findEvent(eventId);
    const text = item?.body.kind === 'text' ? item.body.text : null;
    return { eventId, senderId: item?.senderId ?? null, text };
  }

  #withRoom(action: (roomId: string) => void): void {
    if (this.#timeline.roomId !== null) action(this.#timeline.roomId);
  }
}
