import { localpartOf, type UserId } from '#contract/ids.ts';

/** What a person of the tests secures messages with. The same in every suite, so that each can go on with the other's. */
export function passphraseOf(userId: UserId): string {
  return `Fünf zufällige Wörter von ${localpartOf(userId)}`;
}
