import type { Engine, Failure, Identity, Result, SetUpStep } from '../engine/protocol.ts';

export type SessionPhase = 'starting' | 'signed-out' | 'signing-in' | 'setting-up' | 'ready' | 'signing-out' | 'failed';

/** From the sign-in form to sign-out. */
export class Session {
  readonly #engine: Engine;
  #phase = $state<SessionPhase>('starting');
  #identity = $state.raw<Identity | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #done = $state.raw<readonly SetUpStep[]>([]);
  #wasEnded = $state(false);

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get phase(): SessionPhase {
    return this.#phase;
  }

  get identity(): Identity | null {
    return this.#identity;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  /** Steps of the set-up that are finished. */
  get done(): readonly SetUpStep[] {
    return this.#done;
  }

  /** True after the homeserver, not the person, ended the session. */
  get wasEnded(): boolean {
    return this.#wasEnded;
  }

  async restore(): Promise<void> {
    this.#phase = 'starting';
    this.#adopt(await this.#engine.restore(), 'failed');
  }

  async signIn(name: string, password: string): Promise<void> {
    this.#phase = 'signing-in';
    this.#wasEnded = false;
    this.#adopt(await this.#engine.signIn(name, password), 'signed-out');
  }

  async signOut(): Promise<void> {
    this.#phase = 'signing-out';
    await this.#engine.signOut();
    this.#leave();
  }

  finishStep(step: SetUpStep): void {
    this.#done = [...this.#done, step];
    if (this.#phase === 'signing-in') this.#phase = 'setting-up';
    if (step === 'rooms') this.#phase = 'ready';
  }

  end(): void {
    this.#leave();
    this.#wasEnded = true;
  }

  #adopt(result: Result<Identity | null>, otherwise: SessionPhase): void {
    this.#failure = result.ok ? null : result.failure;
    if (!result.ok) {
      this.#phase = otherwise;
      return;
    }
    this.#identity = result.value;
    if (result.value === null) this.#phase = 'signed-out';
    else if (this.#phase !== 'ready') this.#phase = 'setting-up';
  }

  #leave(): void {
    this.#phase = 'signed-out';
    this.#identity = null;
    this.#failure = null;
    this.#done = [];
  }
}
