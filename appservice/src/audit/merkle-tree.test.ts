import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMerkleTree, leafHashOf, type MerkleTree } from './merkle-tree.ts';
import { isConsistent, isIncluded } from './verify-proofs.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

function treeOf(leaves: readonly Buffer[]): MerkleTree {
  const tree = createMerkleTree();
  for (const leaf of leaves) tree.append(leaf);
  return tree;
}

/** The leaves and roots with which Certificate Transparency's own implementations are tested. */
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
  .map(hex)
  .map(leafHashOf);

test.each([
  [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
])('the tree over the first %i leaves has the known root', (size, root) => {
  expect(treeOf(leaves).rootOf(size).toString('hex')).toBe(root);
});

const trail = fc
  .array(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 70 })
  .map((rows) => rows.map(leafHashOf));

describe('whoever holds only roots', () => {
  test('accepts every earlier tree of the same trail, and none whose rows were altered', () => {
    fc.assert(
      fc.property(trail, fc.nat(), fc.nat(), (rows, sizeSeed, alteredSeed) => {
        const size = 1 + (sizeSeed % rows.length);
        const tree = treeOf(rows);
        const proof = tree.consistencyProofOf(size, rows.length);
        const [earlier, later] = [tree.rootOf(size), tree.rootOf(rows.length)];
        expect(isConsistent({ size, root: earlier }, { size: rows.length, root: later }, proof)).toBe(true);
        const altered = treeOf(rows.with(alteredSeed % size, leafHashOf(Buffer.from('an altered row'))));
        const forged = altered.consistencyProofOf(size, rows.length);
        expect(
          isConsistent({ size, root: earlier }, { size: rows.length, root: altered.rootOf(rows.length) }, forged),
        ).toBe(false);
      }),
    );
  });

  test('finds every row in the tree, and none at another place', () => {
    fc.assert(
      fc.property(trail, fc.nat(), (rows, seed) => {
        const index = seed % rows.length;
        const tree = treeOf(rows);
        const head = { size: rows.length, root: tree.rootOf(rows.length) };
        const [row] = rows.slice(index);
        if (row === undefined) throw new Error('there is no such row');
        const proof = tree.inclusionProofOf(index, rows.length);
        expect(isIncluded(row, index, head, proof)).toBe(true);
        expect(isIncluded(leafHashOf(Buffer.from('an altered row')), index, head, proof)).toBe(false);
      }),
    );
  });
});
