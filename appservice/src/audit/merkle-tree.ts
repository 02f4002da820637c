/**
 * The Merkle tree of RFC 6962, section 2.1 (unchanged in RFC 9162), over the rows of the audit trail. One root stands
 * for all rows, and a short proof shows that a later root only adds to an earlier one. SHA-256 by node:crypto.
 */
import { hash } from 'node:crypto';

type Hash = Buffer;

/** Leaves and nodes are hashed under different prefixes, so that no node can pass for a leaf. */
export function leafHashOf(data: Uint8Array): Hash {
  return sha256(Buffer.concat([leafPrefix, data]));
}

export function nodeHashOf(left: Hash, right: Hash): Hash {
  return sha256(Buffer.concat([nodePrefix, left, right]));
}

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

function sha256(data: Uint8Array): Hash {
  return hash('sha256', data, 'buffer');
}

/** Sizes and indexes are counted in leaves, indexes from 0; none may lie beyond the tree. */
export interface MerkleTree {
  size(): number;
  append(leaf: Hash): void;
  /** MTH: the root over the first `size` leaves. */
  rootOf(size: number): Hash;
  /** PATH: what leads from the leaf at `index` to the root over the first `size` leaves. */
  inclusionProofOf(index: number, size: number): Hash[];
  /** PROOF: that the tree over the first `to` leaves begins with the one over the first `from`. */
  consistencyProofOf(from: number, to: number): Hash[];
}

/** An empty tree. It remembers the hashes of all complete subtrees, so a root or a proof takes a few steps. */
export function createMerkleTree(): MerkleTree {
  /** By height: the complete subtrees, from left to right. As Latin-1 text, which takes far less than buffers do. */
  const levels: string[][] = [[]];

  function append(leaf: Hash): void {
    let complete = leaf;
    for (let height = 0; ; height += 1) {
      const level = (levels[height] ??= []);
      level.push(complete.toString('latin1'));
      const left = level.at(-2);
      if (level.length % 2 === 1 || left === undefined) return;
      complete = nodeHashOf(Buffer.from(left, 'latin1'), complete);
    }
  }

  /** The hash over the leaves from `start` on, as far as `end`. */
  function hashOf(start: number, end: number): Hash {
    const complete = levels[Math.log2(end - start)]?.[start / (end - start)];
    if (complete !== undefined) return Buffer.from(complete, 'latin1');
    const middle = start + splitOf(end - start);
    return nodeHashOf(hashOf(start, middle), hashOf(middle, end));
  }

  function pathOf(index: number, start: number, end: number): Hash[] {
    if (end - start <= 1) return [];
    const middle = start + splitOf(end - start);
    return index < middle
      ? [...pathOf(index, start, middle), hashOf(middle, end)]
      : [...pathOf(index, middle, end), hashOf(start, middle)];
  }

  /** `isWhole`: the root over the first `from` leaves is known to whoever checks, and need not be told. */
  function subproofOf(from: number, start: number, end: number, isWhole: boolean): Hash[] {
    if (from === end) return isWhole ? [] : [hashOf(start, end)];
    const middle = start + splitOf(end - start);
    return from <= middle
      ? [...subproofOf(from, start, middle, isWhole), hashOf(middle, end)]
      : [...subproofOf(from, middle, end, false), hashOf(start, middle)];
  }

  return {
    size: () => levels[0]?.length ?? 0,
    append,
    rootOf: (size) => (size === 0 ? sha256(Buffer.of()) : hashOf(0, size)),
    inclusionProofOf: (index, size) => pathOf(index, 0, size),
    consistencyProofOf: (from, to) => (from === 0 || from === to ? [] : subproofOf(from, 0, to, true)),
  };
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}
