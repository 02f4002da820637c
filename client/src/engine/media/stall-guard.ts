/** Gives up a transfer that has stopped moving; a slow one may take as long as it takes. */
export interface StallGuard {
  readonly signal: AbortSignal;
  /** To be called whenever something has moved. */
  readonly proceed: () => void;
}

const stallMs = 60_000;

/** Carries out the transfer under guard. */
export async function guarded<T>(transfer: (guard: StallGuard) => Promise<T>, cancel?: AbortSignal): Promise<T> {
  const stalled = new AbortController();
  const giveUp = (): void => stalled.abort(new DOMException('nothing moved', 'TimeoutError'));
  let timer = setTimeout(giveUp, stallMs);
  const proceed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, stallMs);
  };
  try {
    return await transfer({ signal: cancel ? AbortSignal.any([cancel, stalled.signal]) : stalled.signal, proceed });
  } finally {
    clearTimeout(timer);
  }
}
