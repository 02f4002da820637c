/** Gathers what became stale and has it read once, so that a burst of events costs one update. */
export interface Gathering {
  add(id: string): void;
  /** Hands over at once what has gathered. */
  flush(): void;
  end(): void;
}

/** @param wait milliseconds from the first change to its delivery: one frame. */
export function gather(deliver: (ids: ReadonlySet<string>) => void, wait = 16): Gathering {
  let ids = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const gathered = ids;
    ids = new Set();
    if (gathered.size > 0) deliver(gathered);
  };
  return {
    add(id) {
      ids.add(id);
      timer ??= setTimeout(flush, wait);
    },
    flush,
    end() {
      clearTimeout(timer);
      ids = new Set();
    },
  };
}
