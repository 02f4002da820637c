/** Which addresses a message may lead to. Everything else stays text. */

const longestAddress = 2_048;
const userIdPattern = /^@[\w.=\-/+]{1,200}:[\w.\-:[\]]{1,200}$/;
const matrixTo = /^https:\/\/matrix\.to\/#\/((?:@|%40)[^/?]+)(?:\?.*)?$/i;
const matrixUri = /^matrix:u\/([^/?]+)(?:\?.*)?$/i;

/** @returns a checked http(s) or mailto address, or null. None hides its host behind a user name. */
export function safeAddress(text: string): string | null {
  if (text.length > longestAddress) return null;
  const url = URL.parse(text);
  if (url?.protocol === 'mailto:') return url.href;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  return url.username === '' && url.password === '' && url.hostname !== '' ? url.href : null;
}

/** The person that a matrix.to or matrix: link names, or null. */
export function mentionedUser(address: string): string | null {
  const permalink = matrixTo.exec(address)?.[1];
  const named = matrixUri.exec(address)?.[1];
  const userId = decoded(permalink ?? (named === undefined ? '' : `@${named}`));
  return userId !== null && userIdPattern.test(userId) ? userId : null;
}

/** For messages of one's own. */
export function permalinkOf(userId: string): string {
  return `https://matrix.to/#/${encodeURIComponent(userId)}`;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
