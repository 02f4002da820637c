/**
 * The Merkle tree of RFC 6962, section 2.1 (unchanged in RFC 9162), over the rows of the audit trail. One root stands
 * for all rows, and a short proof shows that a later root only adds to an earlier one. SHA-256 by node:crypto.
 */
import { createHash } from 'node:crypto';

type Hash = Buffer;

/** Leaves and nodes are hashed under different prefixes, so that no node can pass for a leaf. */
export function leafHashOf(data: Uint8Array): Hash {
  return createHash('sha256').update('\x00').update(data).digest();
}

export function nodeHashOf(left: Hash, right: Hash): Hash {
  return createHash('sha256').update('\x01').update(left).update(right).digest();
}

/** MTH({d(0), …}): the root over leaf hashes. */
export function rootOf(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (only === undefined) return createHash('sha256').digest();
  if (leaves.length === 1) return only;
  const split = splitOf(leaves.length);
  return nodeHashOf(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** PATH(m, D[n]): what leads from the leaf at `index`, counted from 0, to the root. */
export function inclusionProofOf(index: number, leaves: readonly Hash[]): Hash[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionProofOf(index, left), rootOf(right)]
    : [...inclusionProofOf(index - split, right), rootOf(left)];
}

/** PROOF(m, D[n]): that the tree over `leaves` begins with the tree over the first `size` of them. */
export function consistencyProofOf(size: number, leaves: readonly Hash[]): Hash[] {
  return size === 0 || size === leaves.length ? [] : subproofOf(size, leaves, true);
}

/** `isWhole`: the root over the first `size` leaves is known to whoever checks, and need not be told. */
function subproofOf(size: number, leaves: readonly Hash[], isWhole: boolean): Hash[] {
  if (size === leaves.length) return isWhole ? [] : [rootOf(leaves)];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return size <= split
    ? [...subproofOf(size, left, isWhole), rootOf(right)]
    : [...subproofOf(size - split, right, false), rootOf(left)];
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}
