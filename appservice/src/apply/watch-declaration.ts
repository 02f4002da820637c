import { watch, type FSWatcher } from 'node:fs';

/** An editor writes a file in several steps; a checkout writes many files. */
const settleMs = 500;

/** Calls `onChange` a moment after something changed at or below `paths`. Answers how to stop watching. */
export function watchDeclaration(paths: readonly string[], onChange: () => void): () => void {
  let settling: NodeJS.Timeout | undefined;
  const watchers: FSWatcher[] = paths.map((path) =>
    watch(path, { recursive: true }, () => {
      clearTimeout(settling);
      settling = setTimeout(onChange, settleMs);
    }),
  );
  return () => {
    clearTimeout(settling);
    for (const watcher of watchers) watcher.close();
  };
}
