/**
 * Which licences the packages we install may have.
 *
 * Landbote is distributed under the EUPL 1.2. Its copyleft covers our work and what is derived from it; it asks
 * nothing of a library that merely is used, and forbids none whose own conditions can be met beside it:
 *
 * - Permissive licences ask for their notice to be kept. They never ask for the whole to be under them.
 * - MPL-2.0 stays with its own files, and the EUPL's appendix names it as compatible.
 * - OFL-1.1 (section 2) lets a font be bundled with any software.
 * - CC-BY-3.0 occurs in lists of licence names that build tools read: data, never shipped.
 *
 * GPL, AGPL and LGPL are missing on purpose, although the appendix names them too: under the compatibility clause
 * (EUPL, article 5) the combined work would have to go out under *their* terms. That is a decision for the licensor,
 * never something that a dependency brings along. Synapse (AGPL) is no part of the work: it runs as a program of its
 * own, and Python packages have their own list below.
 */
export const allowedLicences: ReadonlySet<string> = new Set([
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
  'MIT',
  'MPL-2.0',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
]);

/** Licences of the homeserver's direct Python packages: programs beside ours, not parts of it. */
export const allowedPythonLicences: ReadonlySet<string> = new Set([
  ...allowedLicences,
  'AGPL-3.0-or-later',
  'LGPL-3.0-or-later',
]);

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
