/** Lower case without diacritics, so that yildiz finds Yıldız and strasse finds Straße. */
export function fold(text: string): string {
  return text
    .toLocaleLowerCase('de')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ı', 'i')
    .replaceAll('ß', 'ss');
}

/** Folded further: who types Mueller finds Müller, and the other way round. */
export function foldUmlauts(text: string): string {
  return fold(text).replace(/([aou])e/g, '$1');
}
