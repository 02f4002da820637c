import type { Inline } from '../rich-text.ts';
import { safeAddress } from './address.ts';

const candidate = /https?:\/\/[^\s<>"'`\p{Cc}\p{Cf}]+/giu;
const trailing = /[.,;:!?…)\]}»“”]+$/u;

/** Text with its web addresses made links. */
export function linkify(text: string): readonly Inline[] {
  const parts: Inline[] = [];
  let position = 0;
  for (const match of text.matchAll(candidate)) {
    const found = trimmed(match[0]);
    const href = safeAddress(found);
    if (href === null) continue;
    if (match.index > position) parts.push({ kind: 'text', text: text.slice(position, match.index) });
    parts.push({ kind: 'link', href, content: [{ kind: 'text', text: found }] });
    position = match.index + found.length;
  }
  if (position < text.length) parts.push({ kind: 'text', text: text.slice(position) });
  return parts;
}

/** Punctuation after a link belongs to the sentence; a bracket that the link itself opened belongs to the link. */
function trimmed(found: string): string {
  const shorter = found.replace(trailing, '');
  const next = found.charAt(shorter.length);
  const isOpen = next === ')' && count(shorter, '(') > count(shorter, ')');
  return isOpen ? `${shorter})` : shorter;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
