/** What a witness computes who holds roots and no rows: the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2. */
import { nodeHashOf } from './merkle-tree.ts';
import type { TreeHead } from './checkpoint.ts';

/** Whether a leaf stands at `index`, counted from 0, in the tree. */
export function isIncluded(leaf: Buffer, index: number, { size, root }: TreeHead, proof: readonly Buffer[]): boolean {
  if (index >= size) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isRight(node) || node === last) {
      hash = nodeHashOf(sibling, hash);
      [node, last] = upToRight(node, last);
    } else {
      hash = nodeHashOf(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** Whether the later tree begins with all rows of the earlier one. */
export function isConsistent(earlier: TreeHead, later: TreeHead, proof: readonly Buffer[]): boolean {
  if (earlier.size === later.size) return proof.length === 0 && earlier.root.equals(later.root);
  if (earlier.size === 0 || earlier.size > later.size) return earlier.size === 0 && proof.length === 0;
  const path = isPowerOfTwo(earlier.size) ? [earlier.root, ...proof] : proof;
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let [node, last] = [earlier.size - 1, later.size - 1];
  while (isRight(node)) [node, last] = [half(node), half(last)];
  let [earlierRoot, laterRoot] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isRight(node) || node === last) {
      [earlierRoot, laterRoot] = [nodeHashOf(sibling, earlierRoot), nodeHashOf(sibling, laterRoot)];
      [node, last] = upToRight(node, last);
    } else {
      laterRoot = nodeHashOf(laterRoot, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && earlierRoot.equals(earlier.root) && laterRoot.equals(later.root);
}

/** Levels at which the node has no right sibling add nothing to the hash. */
function upToRight(node: number, last: number): [number, number] {
  while (!isRight(node) && node !== 0) [node, last] = [half(node), half(last)];
  return [node, last];
}

const isRight = (node: number): boolean => node % 2 === 1;
const half = (node: number): number => Math.floor(node / 2);
const isPowerOfTwo = (size: number): boolean => Number.isInteger(Math.log2(size));
