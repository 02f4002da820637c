/**
 * Which licences the packages we install may have.
 *
 * Landbote is distributed under the EUPL 1.2. Its copyleft covers our work and what is derived from it; it asks
 * nothing of a library that merely is used, and forbids none whose own conditions can be met beside it:
 *
 * - Permissive licences ask for their notice to be kept. They never ask for the whole to be under them.
 * - MPL-2.0 stays with its own files, and the EUPL's appendix names it as compatible.
 * - OFL-1.1 (section 2) lets a font be bundled with any software.
 * - CC-BY-3.0 occurs in lists of licence names that build tools read: data, never shipped. Other such data are named below.
 *
 * GPL, AGPL and LGPL are missing on purpose, although the appendix names them too: under the compatibility clause
 * (EUPL, article 5) the combined work would have to go out under *their* terms. That is a decision for the licensor,
 * never something that a dependency brings along. Synapse (AGPL) is no part of the work: it runs as a program of its
 * own, and what may be copyleft in its environment is named below.
 */
const allowedLicences: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 WITH LLVM-exception',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-3.0',
  'CC0-1.0',
  'EUPL-1.2',
  'ISC',
  'PostgreSQL',
  'MIT',
  'MIT-0',
  'MIT-CMU',
  'MPL-2.0',
  'OFL-1.1',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
  'ZPL-2.1',
]);

/** Data that a tool reads while building or testing, under a licence that is not for programs; each by name. */
const dataOfTools: ReadonlyMap<string, string> = new Map([
  // Which browser can do what; StrykerJS's compiler wants it. It asks for attribution where it is passed on, and it never is.
  ['caniuse-lite', 'CC-BY-4.0'],
]);

/** As `isAllowed`, for a package of npm with this name. */
export function isAllowedPackage(name: string, expression: string): boolean {
  return isAllowed(expression) || dataOfTools.get(name) === expression;
}

/**
 * Whether an SPDX licence expression can be met with allowed licences alone. A nested expression counts as not
 * allowed: somebody has to look at it (clarified-licences.ts).
 */
export function isAllowed(expression: string): boolean {
  const licence = expression.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(licence)) return false;
  if (licence.includes(' OR ')) return licence.split(' OR ').some((part) => allowedLicences.has(part));
  return licence.split(' AND ').every((part) => allowedLicences.has(part));
}

/** Programs and libraries under copyleft that run in the homeserver's process, apart from ours; each by name. */
const copyleftBesideUs: ReadonlyMap<string, string> = new Map([
  ['matrix-synapse', 'AGPL-3.0-or-later'],
  ['psycopg2-binary', 'LGPL-3.0-or-later'],
]);

/** As `isAllowed`, for a Python package of the homeserver's environment. */
export function isAllowedBesideUs(name: string, expression: string): boolean {
  const copyleft = copyleftBesideUs.get(name);
  return isAllowed(expression) || (copyleft !== undefined && expression.split(' OR ').includes(copyleft));
}
