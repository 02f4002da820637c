/**
 * Brings names and search words to one form, so that `Müller`, `mueller` and `MULLER` find each other.
 *
 * Folding keeps prefixes: if a word begins with what somebody has typed so far, the folded word begins with the
 * folded input. That is why `ae` becomes `a` and not the other way round: an input that ends between the two
 * letters must still find the name.
 */

const lettersWithoutDecomposition: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
};

/** Lower case, without diacritics, `ß` as `ss`, and ä = ae = a (likewise ö and ü). */
export function foldText(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøłđı]/gu, (letter) => lettersWithoutDecomposition[letter] ?? letter)
    .replace(/([aou])e/gu, '$1');
}

/** The folded words of a text, in its order. Everything but letters and digits parts words. */
export function foldedWords(text: string): string[] {
  return foldText(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
