import type { RoomSnapshot, TimelineItem } from '../engine/protocol.ts';
import { i18n } from '../i18n/i18n.svelte.ts';
import type { SystemNotices } from '../platform/platform.ts';
import { bodyText } from './body-text.ts';
import type { NoticeChoice, Preferences } from './preferences.svelte.ts';

interface Parts {
  readonly system: SystemNotices;
  readonly preferences: Preferences;
  readonly isSharedComputer: () => boolean;
  readonly nameOf: (userId: string) => string | null;
  readonly find: (roomId: string) => RoomSnapshot | null;
  readonly titleOf: (room: RoomSnapshot) => string;
  /** The person has chosen a notice. */
  readonly open: (roomId: string, eventId: string) => void;
}

/** New messages as notices of the operating system, while no page of Landbote is in sight. */
export class Notices {
  readonly #parts: Parts;
  #permission = $state<SystemNotices['permission']>('unavailable');

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#permission = parts.system.permission;
  }

  /** `shared-computer`: what the system keeps of a notice would stay behind there. */
  get obstacle(): 'denied' | 'unavailable' | 'shared-computer' | null {
    if (this.#parts.isSharedComputer()) return 'shared-computer';
    return this.#permission === 'denied' || this.#permission === 'unavailable' ? this.#permission : null;
  }

  get choice(): NoticeChoice {
    return this.#permission === 'granted' ? (this.#parts.preferences.notices ?? 'off') : 'off';
  }

  /** Nobody has decided yet on this device. */
  get isOpen(): boolean {
    return this.obstacle === null && this.#parts.preferences.notices === null;
  }

  /** Asks the browser where it has not been asked: only ever in answer to a person's act. */
  async choose(choice: NoticeChoice): Promise<void> {
    this.#parts.preferences.notices = choice;
    if (choice !== 'off') this.#permission = await this.#parts.system.askPermission();
  }

  receive(roomId: string, item: TimelineItem): void {
    if (this.choice === 'off' || this.obstacle !== null) return;
    void this.#parts.system.show({
      id: item.id,
      roomId,
      ...this.#wordsOf(roomId, item),
      isSilent: !this.#parts.preferences.hasNoticeSound,
      fragment: `/room/${roomId}/${item.eventId}`,
      onopen: () => this.#parts.open(roomId, item.eventId),
    });
  }

  /** What was read here or on another device is no news any more. */
  follow(changed: readonly RoomSnapshot[], removedIds: readonly string[]): void {
    const read = changed.filter(({ unreadCount }) => unreadCount === 0).map(({ roomId }) => roomId);
    for (const roomId of [...read, ...removedIds]) this.#parts.system.withdraw(roomId);
  }

  setCount(count: number): void {
    this.#parts.system.setCount(count);
  }

  clear(): void {
    this.#parts.system.withdraw(null);
    this.setCount(0);
  }

  #wordsOf(roomId: string, { senderId, senderName, body }: TimelineItem): { title: string; text: string } {
    const { t } = i18n;
    if (this.choice === 'bare') return { title: t.app.name, text: t.notices.newMessage };
    const sender = this.#parts.nameOf(senderId) ?? senderName;
    const room = this.#parts.find(roomId);
    const isDirect = room === null || room.counterpartId !== null;
    return { title: isDirect ? sender : `${sender} · ${this.#parts.titleOf(room)}`, text: bodyText(t, body) };
  }
}
