/** What a stack tells while it starts. */
type ProgressEvent =
  | { readonly state: 'begun'; readonly step: string }
  | { readonly state: 'detail'; readonly step: string; readonly detail: string }
  | { readonly state: 'done'; readonly step: string; readonly elapsedMs: number };

export type OnProgress = (event: ProgressEvent) => void;

/** Runs one step of the start and reports its begin, its details and its end. A failed step never ends. */
export async function step<Result>(
  onProgress: OnProgress,
  title: string,
  work: (detail: (text: string) => void) => Promise<Result>,
): Promise<Result> {
  const begun = performance.now();
  onProgress({ state: 'begun', step: title });
  const result = await work((detail) => onProgress({ state: 'detail', step: title, detail }));
  onProgress({ state: 'done', step: title, elapsedMs: performance.now() - begun });
  return result;
}
