import type { EncryptionStatus, Engine, Failure, Result, Verification } from '../engine/protocol.ts';

const unknown: EncryptionStatus = { state: 'unknown', isBackupActive: false, hasOtherDevices: false };

/** How well this device is prepared for reading everything everywhere, and what makes it so. */
export class Encryption {
  readonly #engine: Engine;
  #status = $state.raw<EncryptionStatus>(unknown);
  #verification = $state.raw<Verification>({ phase: 'none' });
  #recoveryCode = $state<string | null>(null);
  /** Only right after signing in the task is put in front; later a line reminds of it. */
  #isPostponed = $state(true);
  #isWorking = $state(false);
  #failure = $state.raw<Failure | null>(null);
  /** From the sign-in form, so that setting up does not ask for it again. Never stored. */
  #password: string | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get status(): EncryptionStatus {
    return this.#status;
  }

  get verification(): Verification {
    return this.#verification;
  }

  /** Shown until the person has noted it down. */
  get recoveryCode(): string | null {
    return this.#recoveryCode;
  }

  get isWorking(): boolean {
    return this.#isWorking;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get needsPassword(): boolean {
    return this.#password === null;
  }

  /** What this person still has to do; null: nothing. */
  get task(): 'set-up' | 'recover' | null {
    if (this.#recoveryCode !== null || this.#status.state === 'missing') return 'set-up';
    return this.#status.state === 'locked' ? 'recover' : null;
  }

  /** The task takes the whole screen until it is done or put off. */
  get isTaskInFront(): boolean {
    return this.task !== null && !this.#isPostponed;
  }

  apply(status: EncryptionStatus): void {
    this.#status = status;
    if (status.state === 'locked' || status.state === 'ready') this.#password = null;
  }

  applyVerification(verification: Verification): void {
    this.#verification = verification;
  }

  rememberPassword(password: string): void {
    this.#password = password;
    this.#isPostponed = false;
  }

  postpone(): void {
    this.#isPostponed = true;
    this.#failure = null;
  }

  takeUp(): void {
    this.#isPostponed = false;
  }

  /** @param passphrase null: a recovery code is made. */
  async setUp(password: string | null, passphrase: string | null): Promise<void> {
    const used = password ?? this.#password;
    if (used === null) return;
    const made = await this.#run(() => this.#engine.setUpEncryption(used, passphrase));
    if (!made.ok) {
      if (made.failure.kind === 'wrong-credentials') this.#password = null;
      return;
    }
    this.#password = null;
    this.#recoveryCode = passphrase === null ? made.value.recoveryCode : null;
  }

  /** The person has noted the code down. */
  confirmCode(): void {
    this.#recoveryCode = null;
  }

  async recover(codeOrPassphrase: string): Promise<boolean> {
    return (await this.#run(() => this.#engine.recover(codeOrPassphrase))).ok;
  }

  async requestVerification(userId: string, roomId: string | null): Promise<void> {
    await this.#run(() => this.#engine.requestVerification(userId, roomId));
  }

  async acceptVerification(): Promise<void> {
    await this.#run(() => this.#engine.acceptVerification());
  }

  async compareEmojis(): Promise<void> {
    await this.#run(() => this.#engine.compareEmojis());
  }

  async scanned(code: Uint8Array): Promise<void> {
    await this.#run(() => this.#engine.scannedCode(code));
  }

  async confirmVerification(matches: boolean): Promise<void> {
    await this.#run(() => this.#engine.confirmVerification(matches));
  }

  async cancelVerification(): Promise<void> {
    if (this.#verification.phase !== 'done' && this.#verification.phase !== 'cancelled') {
      await this.#engine.cancelVerification();
    }
    this.#verification = { phase: 'none' };
    this.#failure = null;
  }

  async acceptIdentity(userId: string): Promise<void> {
    await this.#run(() => this.#engine.acceptIdentity(userId));
  }

  clear(): void {
    this.#status = unknown;
    this.#verification = { phase: 'none' };
    this.#recoveryCode = null;
    this.#isPostponed = true;
    this.#failure = null;
    this.#password = null;
  }

  async #run<T>(command: () => Promise<Result<T>>): Promise<Result<T>> {
    this.#isWorking = true;
    this.#failure = null;
    const result = await command();
    this.#isWorking = false;
    if (!result.ok) this.#failure = result.failure;
    return result;
  }
}
