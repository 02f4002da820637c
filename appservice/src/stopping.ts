/** How the process ends: first it begins nothing new, and a little later it waits for no answer any more. */
export interface Stopping {
  /** Aborted when the end has begun. */
  readonly ended: AbortSignal;
  /** Aborted when what is under way has had its time: whoever still waits for the homeserver stops waiting. */
  readonly abandoned: AbortSignal;
  begin(): void;
  /** Everything has ended: whoever waits nevertheless has nothing left to wait for. */
  finish(): void;
}

/** Container engines kill ten seconds after they asked; most requests take less than one. */
const graceMs = 3_000;

export function createStopping(): Stopping {
  const ended = new AbortController();
  const abandoned = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    ended: ended.signal,
    abandoned: abandoned.signal,
    begin() {
      ended.abort();
      timer ??= setTimeout(() => abandoned.abort(), graceMs);
    },
    finish() {
      clearTimeout(timer);
      abandoned.abort();
    },
  };
}
