/** Ids and names that a declaration can hold, from names that people gave. */
import type { z } from 'zod';
import type { Report } from './findings.ts';

const idLengthMax = 60;
const nameless = 'ohne-namen';
const spelledOut: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };

/** Gives ids that nobody has yet. */
export function createIds(taken: Iterable<string>): (name: string) => string {
  const ids = new Set(taken);
  return (name) => {
    const wanted = idOf(name);
    let id = wanted;
    for (let number = 2; ids.has(id); number += 1) id = `${wanted.slice(0, idLengthMax - 4)}-${number}`;
    ids.add(id);
    return id;
  };
}

/** „Referat W 2 – Hochwasserschutz“ → `referat-w-2-hochwasserschutz` */
function idOf(name: string): string {
  const letters = name
    .toLowerCase()
    .normalize('NFC')
    .replace(/[äöüß]/g, (letter) => spelledOut[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '');
  const id = letters
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, idLengthMax)
    .replace(/-$/, '');
  return id === '' ? nameless : id;
}

/** The name as found, if a declaration may hold it; otherwise `fallback`, which is reported. */
export function usableName(schema: z.ZodType<string>, name: string | null, fallback: string, report: Report): string {
  const usable = schema.safeParse(name);
  if (usable.success) return usable.data;
  report('name-unusable', name ?? fallback, fallback);
  return fallback;
}
