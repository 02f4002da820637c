import type { EncryptionStatus } from '../protocol.ts';

/** Tells the status anew when something about it may have changed: several reasons at once cost one question. */
export class StatusReport {
  readonly #ask: () => Promise<EncryptionStatus>;
  readonly #tell: (status: EncryptionStatus) => void;
  #reasons = 0;
  #hasStopped = false;

  constructor(ask: () => Promise<EncryptionStatus>, tell: (status: EncryptionStatus) => void) {
    this.#ask = ask;
    this.#tell = tell;
  }

  refresh(): void {
    this.#reasons += 1;
    if (this.#reasons === 1) void this.#run();
  }

  stop(): void {
    this.#hasStopped = true;
  }

  async #run(): Promise<void> {
    while (this.#reasons > 0 && !this.#hasStopped) {
      const answered = this.#reasons;
      // Without the network the next change asks again.
      const status = await this.#ask().catch(() => null);
      if (status !== null && !this.#hasStopped) this.#tell(status);
      this.#reasons -= answered;
    }
  }
}
