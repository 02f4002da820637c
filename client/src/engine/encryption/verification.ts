/** Verification by emoji or QR code, one at a time, with an own device or with another person. */
import {
  VerificationPhase,
  VerificationRequestEvent,
  VerifierEvent,
  type ShowQrCodeCallbacks,
  type ShowSasCallbacks,
  type VerificationRequest,
  type Verifier,
} from 'matrix-js-sdk/lib/crypto-api/verification.js';
import { VerificationMethod } from 'matrix-js-sdk/lib/types.js';
import { FailureError } from '../failures.ts';
import type { Verification } from '../protocol.ts';
import type { VerificationCommands } from './encryption.ts';
import type { Identities } from './identities.ts';
import { signedDeviceIds } from './own-identity.ts';
import type { Machine } from './open-machine.ts';

/** What the person is asked to compare. */
type Question =
  | { readonly kind: 'emojis'; readonly sas: ShowSasCallbacks }
  | { readonly kind: 'scan'; readonly qr: ShowQrCodeCallbacks };

export class Verifications implements VerificationCommands {
  readonly #machine: Machine;
  readonly #identities: Identities;
  readonly #emit: (verification: Verification) => void;
  /** Several while another person has not said at which of their devices they are. */
  #requests: readonly VerificationRequest[] = [];
  #verifier: Verifier | null = null;
  #question: Question | null = null;
  #isReady = false;
  #isCancelledHere = false;

  constructor(machine: Machine, identities: Identities, emit: (verification: Verification) => void) {
    this.#machine = machine;
    this.#identities = identities;
    this.#emit = emit;
  }

  /** While one is in progress, others ask in vain; they can ask again. */
  received(requests: readonly VerificationRequest[]): void {
    const [first] = requests;
    if (first && this.#requests.length === 0) this.#follow([first]);
  }

  async request(userId: string): Promise<void> {
    const { crypto } = this.#machine;
    if (userId === this.#machine.userId) {
      this.#follow([await crypto.requestOwnUserVerification()]);
      return;
    }
    await this.#identities.track([userId]);
    const deviceIds = await signedDeviceIds(this.#machine, userId);
    if (deviceIds.length === 0) throw new FailureError({ kind: 'not-found' });
    this.#follow(await Promise.all(deviceIds.map((deviceId) => crypto.requestDeviceVerification(userId, deviceId))));
  }

  async accept(): Promise<void> {
    await this.#current().accept();
  }

  async compareEmojis(): Promise<void> {
    this.#verify(await this.#current().startVerification(VerificationMethod.Sas));
  }

  async scanned(code: Uint8Array): Promise<void> {
    this.#verify(await this.#current().scanQRCode(new Uint8ClampedArray(code)));
  }

  async confirm(matches: boolean): Promise<void> {
    const question = this.#question;
    this.#question = null;
    if (question?.kind === 'emojis') await (matches ? question.sas.confirm() : question.sas.mismatch());
    if (question?.kind === 'scan') (matches ? question.qr.confirm : question.qr.cancel)();
    if (question !== null && matches) this.#emit({ phase: 'waiting' });
  }

  async cancel(): Promise<void> {
    this.#isCancelledHere = true;
    await Promise.all(this.#requests.map((request) => request.cancel()));
  }

  #current(): VerificationRequest {
    const [request] = this.#requests;
    if (!request) throw new FailureError({ kind: 'not-found' });
    return request;
  }

  #follow(requests: readonly VerificationRequest[]): void {
    this.#requests = requests;
    this.#verifier = null;
    this.#question = null;
    this.#isReady = false;
    this.#isCancelledHere = false;
    for (const request of requests) {
      request.on(VerificationRequestEvent.Change, () => void this.#changed(request));
    }
    void this.#changed(this.#current());
  }

  async #changed(request: VerificationRequest): Promise<void> {
    if (!this.#requests.includes(request)) return;
    switch (request.phase) {
      case VerificationPhase.Unsent:
        return;
      case VerificationPhase.Requested:
        return this.#emit(requested(request));
      case VerificationPhase.Ready:
        await this.#becomeReady(request);
        return;
      case VerificationPhase.Started:
        await this.#choose(request);
        if (request.verifier) this.#verify(request.verifier);
        return;
      case VerificationPhase.Done:
        this.#end({ phase: 'done' });
        return;
      case VerificationPhase.Cancelled:
        return this.#cancelled(request);
    }
  }

  async #becomeReady(request: VerificationRequest): Promise<void> {
    // Told more than once; a second QR code would make the SDK cancel the first.
    if (this.#isReady) return;
    this.#isReady = true;
    await this.#choose(request);
    this.#emit(await ready(request));
  }

  /** The person has answered at this device; the others need not ask any longer. */
  async #choose(request: VerificationRequest): Promise<void> {
    const others = this.#requests.filter((other) => other !== request);
    this.#requests = [request];
    await Promise.all(others.map((other) => other.cancel()));
  }

  #cancelled(request: VerificationRequest): void {
    const others = this.#requests.filter((other) => other !== request);
    if (others.length > 0) this.#requests = others;
    else this.#end({ phase: 'cancelled', reason: reasonOf(request, this.#isCancelledHere) });
  }

  #end(verification: Verification): void {
    this.#requests = [];
    this.#verifier = null;
    this.#question = null;
    this.#emit(verification);
  }

  #verify(verifier: Verifier): void {
    if (this.#verifier === verifier) return;
    this.#verifier = verifier;
    this.#emit({ phase: 'waiting' });
    verifier.on(VerifierEvent.ShowSas, (sas) => this.#ask({ kind: 'emojis', sas }));
    verifier.on(VerifierEvent.ShowReciprocateQr, (qr) => this.#ask({ kind: 'scan', qr }));
    const qr = verifier.getReciprocateQrCodeCallbacks();
    if (qr) this.#ask({ kind: 'scan', qr });
    // How it ends is told by the request.
    verifier.verify().catch(() => undefined);
  }

  #ask(question: Question): void {
    this.#question = question;
    if (question.kind === 'scan') return this.#emit({ phase: 'confirm-scan' });
    const emojis = (question.sas.sas.emoji ?? []).map(([symbol, name]) => ({ symbol, name }));
    this.#emit({ phase: 'compare', emojis });
  }
}

function requested(request: VerificationRequest): Verification {
  const { otherUserId, otherDeviceId = null, initiatedByMe } = request;
  return { phase: 'requested', otherUserId, otherDeviceId, isIncoming: !initiatedByMe };
}

async function ready(request: VerificationRequest): Promise<Verification> {
  const qrCode = await request.generateQRCode();
  return {
    phase: 'ready',
    otherUserId: request.otherUserId,
    qrCode: qrCode ? new Uint8Array(qrCode) : null,
    canScan: request.otherPartySupportsMethod(VerificationMethod.ShowQrCode),
  };
}

type CancelReason = Extract<Verification, { phase: 'cancelled' }>['reason'];

/** Codes of the specification, "Key verification framework", `m.key.verification.cancel`. */
function reasonOf({ cancellationCode: code }: VerificationRequest, isCancelledHere: boolean): CancelReason {
  if (code === 'm.mismatched_sas' || code === 'm.key_mismatch' || code === 'm.mismatched_commitment') return 'mismatch';
  if (code === 'm.timeout') return 'timeout';
  return code === 'm.user' && !isCancelledHere ? 'by-other' : 'other';
}
