import { i18n, preferredLanguage, type Language } from '../i18n/i18n.svelte.ts';
import type { KeyValues } from '../platform/platform.ts';

const appearances = ['system', 'light', 'dark', 'contrast'] as const;
export type Appearance = (typeof appearances)[number];

/** Pixels that the list may be wide on a desktop. */
export const listWidth = { least: 260, usual: 312, most: 400 } as const;

const noticeChoices = ['off', 'bare', 'text'] as const;
/** What the operating system may show of a new message: nothing, that there is one, or who writes what. */
export type NoticeChoice = (typeof noticeChoices)[number];

/** How this device shows things. Kept on the device alone: no server decides it. */
export class Preferences {
  readonly #storage: KeyValues;
  #appearance = $state<Appearance>('system');
  #notices = $state<NoticeChoice | null>(null);
  #hasNoticeSound = $state(false);
  #listWidth = $state<number>(listWidth.usual);
  /** Resolves when the texts are in the person's language. */
  readonly ready: Promise<void>;

  constructor(storage: KeyValues, languages: readonly string[]) {
    this.#storage = storage;
    this.#appearance = appearances.find((known) => known === storage.get('appearance')) ?? 'system';
    this.#notices = noticeChoices.find((known) => known === storage.get('notices')) ?? null;
    this.#hasNoticeSound = storage.get('notice-sound') === 'yes';
    this.#listWidth = clamp(Number(storage.get('list-width')) || listWidth.usual);
    const language = storage.get('language');
    this.ready = i18n.choose(language === 'de' || language === 'en' ? language : preferredLanguage(languages));
  }

  /** Writes down again what holds now. */
  store(): void {
    this.appearance = this.#appearance;
    this.language = i18n.language;
    this.hasNoticeSound = this.#hasNoticeSound;
    this.listWidth = this.#listWidth;
    if (this.#notices !== null) this.notices = this.#notices;
  }

  get appearance(): Appearance {
    return this.#appearance;
  }

  set appearance(appearance: Appearance) {
    this.#appearance = appearance;
    this.#storage.set('appearance', appearance);
  }

  /** Null: not decided. */
  get notices(): NoticeChoice | null {
    return this.#notices;
  }

  set notices(choice: NoticeChoice) {
    this.#notices = choice;
    this.#storage.set('notices', choice);
  }

  get hasNoticeSound(): boolean {
    return this.#hasNoticeSound;
  }

  set hasNoticeSound(hasSound: boolean) {
    this.#hasNoticeSound = hasSound;
    this.#storage.set('notice-sound', hasSound ? 'yes' : 'no');
  }

  /** In pixels, on a desktop. */
  get listWidth(): number {
    return this.#listWidth;
  }

  set listWidth(width: number) {
    this.#listWidth = clamp(width);
    this.#storage.set('list-width', String(this.#listWidth));
  }

  get language(): Language {
    return i18n.language;
  }

  set language(language: Language) {
    void i18n.choose(language);
    this.#storage.set('language', language);
  }
}

function clamp(width: number): number {
  return Math.min(listWidth.most, Math.max(listWidth.least, Math.round(width)));
}
