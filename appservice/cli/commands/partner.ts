import { partnersSchema } from '#contract/agreement.ts';
import type { ApiSession } from '../api-session.ts';
import type { Call } from '../arguments.ts';

const confirmations = new Map<boolean | null, string>([
  [true, 'Der Schlüssel stimmt.'],
  [false, 'ACHTUNG: Der Server unterschreibt mit einem anderen Schlüssel. Es wird nichts ausgetauscht.'],
  [null, 'Der Server antwortet nicht; der Schlüssel ist nicht geprüft.'],
]);

/** Shows what has to be compared at first contact. */
export async function partner(session: ApiSession, _call: Call, write: (line: string) => void): Promise<void> {
  const { own, partners } = await session.read('/partners', partnersSchema);
  write([`${own.server} (eigener Server)`, ...own.keys.map(keyInWords), rosterKeyInWords(own.rosterKey)].join('\n'));
  if (partners.length === 0) write('Es ist keine andere Verwaltung als Partner erklärt.');
  for (const { name, server, declared, isKeyConfirmed } of partners) {
    const keys = [keyInWords(declared), ...declared.rosterKeys.map(rosterKeyInWords)];
    write([`${name}, ${server}`, ...keys, `  ${confirmations.get(isKeyConfirmed) ?? ''}`].join('\n'));
  }
}

function keyInWords({ key, fingerprint }: { readonly key: string; readonly fingerprint: string }): string {
  return `  Schlüssel:           ${key}\n  Fingerabdruck:       ${grouped(fingerprint)}`;
}

/** Capital and small letters differ: it is read aloud letter by letter, or compared on paper. */
function rosterKeyInWords(rosterKey: string): string {
  return `  Mitgliederschlüssel: ${grouped(rosterKey)}`;
}

/** In fours, as people read it to each other. */
function grouped(text: string): string {
  return text.match(/.{1,4}/g)?.join(' ') ?? text;
}
