/**
 * Packages whose package.json names no SPDX licence, with the one that a person found and where. By exact version:
 * another version is looked at again.
 */
export const clarifiedLicences: ReadonlyMap<string, string> = new Map([
  // Its file LICENSE holds the MIT text under the heading "The MIT License".
  ['nedb@1.8.0', 'MIT'],
  // Its file LICENSE holds the MIT text.
  ['underscore@1.4.4', 'MIT'],
  // Its README, section "License", holds the MIT text.
  ['binary-search-tree@0.2.5', 'MIT'],
  // Its file LICENSE holds the MIT text.
  ['svelte-toolbelt@0.10.7', 'MIT'],
  // The binary of @lix-js/sdk 0.17.0, which is MIT; used while messages are compiled, never shipped.
  ['@lix-js/sdk-linux-x64@0.17.0', 'MIT'],
]);
