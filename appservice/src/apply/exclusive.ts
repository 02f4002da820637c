export type RunExclusively = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Runs works one after the other, in the order in which they were handed in; a failed one does not stop the next. */
export function createExclusive(): RunExclusively {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
