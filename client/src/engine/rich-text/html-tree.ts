/**
 * Reads `org.matrix.custom.html` into a tree of names and texts. Deliberately no HTML parser with its error recovery:
 * what comes out is never HTML again, so there is nothing that a second parser could read differently.
 */

export type HtmlNode = string | HtmlElement;

export interface HtmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: HtmlNode[];
}

/** Deeper and longer than any message that a person writes. */
const deepest = 30;
const mostElements = 5_000;

const markup = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][a-z0-9-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>/gi;
const attribute = /([a-z][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
const empty: ReadonlySet<string> = new Set(['br', 'hr', 'img', 'input', 'meta', 'link', 'wbr', 'col']);

export function htmlTree(html: string): readonly HtmlNode[] {
  const root = element('', '');
  const open = [root];
  let position = 0;
  let elements = 0;
  for (const match of html.matchAll(markup)) {
    const [whole, slash, rawName, attributes = ''] = match;
    addText(open, html.slice(position, match.index));
    position = match.index + whole.length;
    if (rawName === undefined) continue;
    const name = rawName.toLowerCase();
    if (slash) close(open, name);
    else if (elements < mostElements) {
      elements += 1;
      const added = element(name, attributes);
      open.at(-1)?.children.push(added);
      if (!empty.has(name) && open.length < deepest) open.push(added);
    }
  }
  addText(open, html.slice(position));
  return root.children;
}

function element(name: string, attributes: string): HtmlElement {
  const values = [...attributes.matchAll(attribute)].map(
    ([, key = '', double, single, bare]) =>
      [key.toLowerCase(), decodeEntities(double ?? single ?? bare ?? '')] as const,
  );
  return { name, attributes: new Map(values), children: [] };
}

/** Closes the innermost element of that name, and what was left open in it. */
function close(open: HtmlElement[], name: string): void {
  const index = open.findLastIndex((candidate) => candidate.name === name);
  if (index > 0) open.length = index;
}

function addText(open: readonly HtmlElement[], text: string): void {
  if (text !== '') open.at(-1)?.children.push(decodeEntities(text));
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  euro: '€',
  sect: '§',
  hellip: '…',
  ndash: '–',
  mdash: '—',
};

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hexadecimal, name) => {
    if (typeof name === 'string') return (Object.hasOwn(named, name) && named[name]) || whole;
    return character(typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hexadecimal), 16));
  });
}

function character(codePoint: number): string {
  const isCharacter = codePoint > 0x1f && codePoint <= 0x10_ff_ff && !(codePoint >= 0xd8_00 && codePoint <= 0xdf_ff);
  if (codePoint === 0x0a || codePoint === 0x09) return ' ';
  return isCharacter ? String.fromCodePoint(codePoint) : '\uFFFD';
}
