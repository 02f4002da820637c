/**
 * Canonical JSON (Matrix specification, appendices, "Canonical JSON"): the one spelling of a value that is hashed
 * and signed. Keys in the order of their code points, no white space, integers only.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Writes a value as canonical JSON.
 * Throws on what it cannot express: fractions, integers beyond 2^53 - 1, functions. Members that are undefined are
 * left out, as JSON.stringify does.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isJsonObject(value)) return canonicalObject(value);
  if (typeof value === 'number') return canonicalInteger(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  throw new TypeError(`canonical JSON has no ${typeof value}`);
}

function canonicalInteger(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`canonical JSON has integers only, not ${value}`);
  return value === 0 ? '0' : String(value);
}

function canonicalObject(value: JsonObject): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([left], [right]) => compareCodePoints(left, right))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** UTF-8 keeps the order of code points; JavaScript's `<` compares UTF-16 units, which differ beyond U+FFFF. */
function compareCodePoints(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
