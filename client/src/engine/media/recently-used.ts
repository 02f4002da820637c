/** Which entries of a cache were used when, and how large they are. */
export class RecentlyUsed {
  /** Least recently used first. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;

  /** Sum of all sizes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Undefined for an unknown entry. */
  sizeOf(key: string): number | undefined {
    return this.#sizes.get(key);
  }

  /** Notes that an entry was used just now. */
  use(key: string, bytes: number): void {
    this.remove(key);
    this.#sizes.set(key, bytes);
    this.#bytes += bytes;
  }

  remove(key: string): void {
    this.#bytes -= this.#sizes.get(key) ?? 0;
    this.#sizes.delete(key);
  }

  /** Takes out the least recently used entries until at most `bytesMax` are left. @returns what was taken out. */
  shrink(bytesMax: number): readonly string[] {
    const removed: string[] = [];
    for (const key of this.#sizes.keys()) {
      if (this.#bytes <= bytesMax) break;
      removed.push(key);
      this.remove(key);
    }
    return removed;
  }
}
