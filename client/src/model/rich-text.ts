/** A message's text as parts. Elements are made of them one by one; there is no HTML to escape or to forget. */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const candidate = /https?:\/\/[^\s<>"'`\p{Cc}\p{Cf}]+/giu;
const trailing = /[.,;:!?…)\]}»“”]+$/u;

export function parseText(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let position = 0;
  for (const match of text.matchAll(candidate)) {
    const found = trimLink(match[0]);
    const href = safeHref(found);
    if (href === null) continue;
    if (match.index > position) parts.push({ kind: 'text', text: text.slice(position, match.index) });
    parts.push({ kind: 'link', text: found, href });
    position = match.index + found.length;
  }
  if (position < text.length) parts.push({ kind: 'text', text: text.slice(position) });
  return parts;
}

/** Punctuation after a link belongs to the sentence; a bracket that the link itself opened belongs to the link. */
function trimLink(found: string): string {
  const trimmed = found.replace(trailing, '');
  const next = found.charAt(trimmed.length);
  const isOpen = next === ')' && count(trimmed, '(') > count(trimmed, ')');
  return isOpen ? `${trimmed})` : trimmed;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Only web addresses, and none that hides its host behind a user name. */
function safeHref(text: string): string | null {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  return url.username === '' && url.password === '' && url.hostname !== '' ? url.href : null;
}
