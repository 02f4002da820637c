import type { RoomSnapshot, TimelineItem } from '../engine/protocol.ts';
import type { Conversation } from './conversation.svelte.ts';
import type { Drafts } from './drafts.svelte.ts';
import { mentionsIn, withMentionLinks } from './mentions.ts';
import type { Timeline } from './timeline.svelte.ts';

/** What is being written in the room that is open: text, what it answers or changes, and a file to go with it. */
export class Composer {
  readonly #conversation: Conversation;
  readonly #drafts: Drafts;
  readonly #timeline: Timeline;
  readonly #mentioned = new Map<string, string>();
  #roomId = '';
  #answering = $state.raw<TimelineItem | null>(null);
  #editing = $state.raw<TimelineItem | null>(null);
  #editedText = $state('');
  #files = $state.raw<readonly File[]>([]);

  constructor(conversation: Conversation, drafts: Drafts, timeline: Timeline) {
    this.#conversation = conversation;
    this.#drafts = drafts;
    this.#timeline = timeline;
  }

  get text(): string {
    return this.#editing ? this.#editedText : this.#drafts.of(this.#roomId);
  }

  set text(text: string) {
    if (this.#editing) this.#editedText = text;
    else this.#drafts.set(this.#roomId, text);
  }

  get answering(): TimelineItem | null {
    return this.#answering;
  }

  get editing(): TimelineItem | null {
    return this.#editing;
  }

  get files(): readonly File[] {
    return this.#files;
  }

  get isEmpty(): boolean {
    return this.text.trim() === '' && this.#files.length === 0;
  }

  /** Begins anew in a room; the draft of the last one stays with it. */
  enter(room: RoomSnapshot): void {
    if (this.#roomId === room.roomId) return;
    this.#roomId = room.roomId;
    this.#mentioned.clear();
    this.cancel();
    this.#files = [];
  }

  typed(): void {
    if (this.text.trim() === '') this.#conversation.typing.stop();
    else this.#conversation.typing.typed(this.#roomId);
  }

  answer(item: TimelineItem): void {
    this.#editing = null;
    this.#answering = item;
  }

  edit(item: TimelineItem): void {
    if (!item.canEdit || item.body.kind !== 'text') return;
    this.#answering = null;
    this.#editing = item;
    this.#editedText = item.body.text;
    for (const { userId, name } of mentionsIn(item.body.rich)) this.mention(userId, name);
  }

  editLast(): boolean {
    const last = this.#timeline.items.findLast((item) => item.isOwn && item.canEdit);
    if (last) this.edit(last);
    return last !== undefined;
  }

  cancel(): void {
    this.#answering = null;
    this.#editing = null;
  }

  mention(userId: string, name: string): void {
    this.#mentioned.set(`@${name.replace(/^@/, '')}`, userId);
  }

  attach(files: readonly File[]): void {
    this.#files = [...this.#files, ...files];
  }

  detach(file: File): void {
    this.#files = this.#files.filter((other) => other !== file);
  }

  submit(): void {
    const text = this.text.trim();
    if (this.#editing) this.#change(this.#editing, text);
    else if (this.#files.length > 0) this.#sendFiles(text);
    else if (text !== '') this.#conversation.send(this.#roomId, this.#outgoing(text));
    else return;
    this.cancel();
    this.text = '';
    this.#files = [];
  }

  #outgoing(text: string) {
    const mentionIds = [...this.#mentioned].filter(([name]) => text.includes(name)).map(([, userId]) => userId);
    return {
      text: withMentionLinks(text, this.#mentioned),
      mentionIds: [...new Set(mentionIds)],
      answers: this.#answering?.eventId ?? null,
    };
  }

  #change(item: TimelineItem, text: string): void {
    const isSame = item.body.kind === 'text' && item.body.text === text;
    if (text !== '' && !isSame)
      this.#conversation.edit(this.#roomId, item.id, { ...this.#outgoing(text), answers: null });
  }

  /** The text goes with the first file. */
  #sendFiles(text: string): void {
    const answers = this.#answering?.eventId ?? null;
    this.#files.forEach((file, index) =>
      this.#conversation.sendFile(this.#roomId, file, index === 0 ? text : '', index === 0 ? answers : null),
    );
  }
}
