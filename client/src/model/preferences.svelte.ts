import { i18n, preferredLanguage, type Language } from '../i18n/i18n.svelte.ts';
import type { KeyValues } from '../platform/platform.ts';

const appearances = ['system', 'light', 'dark', 'contrast'] as const;
export type Appearance = (typeof appearances)[number];

/** How this device shows things. Kept on the device alone: no server decides it. */
export class Preferences {
  readonly #storage: KeyValues;
  #appearance = $state<Appearance>('system');

  constructor(storage: KeyValues, languages: readonly string[]) {
    this.#storage = storage;
    this.#appearance = appearances.find((known) => known === storage.get('appearance')) ?? 'system';
    const language = storage.get('language');
    i18n.language = language === 'de' || language === 'en' ? language : preferredLanguage(languages);
  }

  get appearance(): Appearance {
    return this.#appearance;
  }

  set appearance(appearance: Appearance) {
    this.#appearance = appearance;
    this.#storage.set('appearance', appearance);
  }

  get language(): Language {
    return i18n.language;
  }

  set language(language: Language) {
    i18n.language = language;
    this.#storage.set('language', language);
  }
}
