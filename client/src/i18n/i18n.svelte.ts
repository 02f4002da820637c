import { german, type Messages } from './german.ts';

export type Language = 'de' | 'en';

/** The chosen language. Everything that reads `t` follows a change at once. */
class Texts {
  #wanted: Language = 'de';
  #language = $state<Language>('de');
  #t = $state.raw<Messages>(german);

  get language(): Language {
    return this.#language;
  }

  get t(): Messages {
    return this.#t;
  }

  /**
   * Everybody loads the German texts, the English ones only who reads them. Resolves when the language is shown; it
   * stays as it is if the texts cannot be had.
   */
  async choose(language: Language): Promise<void> {
    this.#wanted = language;
    const t = language === 'de' ? german : await loadEnglish();
    if (t === null || this.#wanted !== language) return;
    this.#t = t;
    this.#language = language;
  }
}

async function loadEnglish(): Promise<Messages | null> {
  return import('./english.ts').then(
    ({ english }) => english,
    () => null,
  );
}

export const i18n = new Texts();

/** The best of our languages for a browser's list; German if it asks for none of them. */
export function preferredLanguage(asked: readonly string[]): Language {
  const known = asked.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'de' || tag === 'en');
  return known === 'en' ? 'en' : 'de';
}
