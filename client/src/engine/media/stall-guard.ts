/** Gives up a transfer that has stopped moving; a slow one may take as long as it takes. */
export interface StallGuard extends Disposable {
  readonly signal: AbortSignal;
  /** To be called whenever something has moved. */
  readonly proceed: () => void;
}

const stallMs = 60_000;

export function stallGuard(cancel?: AbortSignal): StallGuard {
  const stalled = new AbortController();
  const giveUp = (): void => stalled.abort(new DOMException('nothing moved', 'TimeoutError'));
  let timer = setTimeout(giveUp, stallMs);
  return {
    signal: cancel ? AbortSignal.any([cancel, stalled.signal]) : stalled.signal,
    proceed() {
      clearTimeout(timer);
      timer = setTimeout(giveUp, stallMs);
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
