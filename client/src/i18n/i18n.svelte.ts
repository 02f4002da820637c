import { english } from './english.ts';
import { german, type Messages } from './german.ts';

export type Language = 'de' | 'en';

const texts: Readonly<Record<Language, Messages>> = { de: german, en: english };

/** The chosen language. Everything that reads `t` follows a change at once. */
class Texts {
  #language = $state<Language>('de');

  get language(): Language {
    return this.#language;
  }

  set language(language: Language) {
    this.#language = language;
  }

  get t(): Messages {
    return texts[this.#language];
  }
}

export const i18n = new Texts();

/** The best of our languages for a browser's list; German if it asks for none of them. */
export function preferredLanguage(asked: readonly string[]): Language {
  const known = asked.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'de' || tag === 'en');
  return known === 'en' ? 'en' : 'de';
}
