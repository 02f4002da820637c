import type { Credentials, Engine, Failure, Identity, Result, SetUpStep } from '../engine/protocol.ts';

export type SessionPhase = 'starting' | 'signed-out' | 'signing-in' | 'setting-up' | 'ready' | 'signing-out' | 'failed';

/** From the sign-in form to sign-out. */
export class Session {
  readonly #engine: Engine;
  #phase = $state<SessionPhase>('starting');
  #identity = $state.raw<Identity | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #done = $state.raw<readonly SetUpStep[]>([]);
  #wasEnded = $state(false);
  #keepsNothing = $state(false);
  #lostDeviceId = $state<string | null>(null);

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

  get isSharedComputer(): boolean {
    return this.#identity?.isSharedComputer ?? false;
  }

  /** True where the browser keeps nothing between two visits, whatever the person chooses. */
  get keepsNothing(): boolean {
    return this.#keepsNothing;
  }

  /** The device that this browser was until it threw its data away; null: it did not. */
  get lostDeviceId(): string | null {
    return this.#lostDeviceId;
  }

  keepNothing(): void {
    this.#keepsNothing = true;
  }

  /** Shows what was stored of a session, before the engine has taken it up. */
  showStored(identity: Identity): void {
    this.#identity = identity;
    this.#phase = 'ready';
  }

  /** @param deviceId the device that this browser was when it was last used; null: none */
  async restore(deviceId: string | null): Promise<void> {
    if (this.#phase !== 'ready') this.#phase = 'starting';
    this.#adopt(await this.#engine.restore(), 'failed');
    const hasNone = this.#identity === null && this.#failure === null && !this.#wasEnded;
    if (hasNone) this.#lostDeviceId = deviceId;
  }

  async signIn(credentials: Omit<Credentials, 'lostDeviceId'>): Promise<void> {
    this.#phase = 'signing-in';
    this.#wasEnded = false;
    const isSharedComputer = credentials.isSharedComputer || this.#keepsNothing;
    const lostDeviceId = this.#lostDeviceId;
    this.#adopt(await this.#engine.signIn({ ...credentials, isSharedComputer, lostDeviceId }), 'signed-out');
    if (this.#identity) this.#lostDeviceId = null;
  }

  async signOut(): Promise<void> {
    this.#phase = 'signing-out';
    await this.#engine.signOut();
    this.#leave();
  }

  finishStep(step: SetUpStep): void {
    if (!this.#done.includes(step)) this.#done = [...this.#done, step];
    if (this.#phase === 'signing-in') this.#phase = 'setting-up';
    if (step === 'rooms') this.#phase = 'ready';
  }

  end(): void {
    this.#leave();
    this.#wasEnded = true;
  }

  #adopt(result: Result<Identity | null>, otherwise: SessionPhase): void {
    const isShown = this.#phase === 'ready';
    this.#failure = result.ok ? null : result.failure;
    if (!result.ok) {
      // What was stored can be read while the homeserver is away.
      if (!isShown || result.failure.kind !== 'unreachable') this.#phase = otherwise;
      return;
    }
    this.#identity = result.value;
    if (result.value === null) this.#phase = 'signed-out';
    else if (!isShown) this.#phase = 'setting-up';
  }

  #leave(): void {
    this.#phase = 'signed-out';
    this.#identity = null;
    this.#failure = null;
    this.#done = [];
  }
}
