/**
 * What this device says of alerts: kept before it is sent, sent with the time at which it happened, and sent again until the
 * appservice has it (docs/adr/0026). Alerts go by room and event; nothing of what they say leaves the device here.
 */
import type { AlertReceipt } from '#contract/alert-receipts.ts';
import type { AppserviceApi } from '../directory/appservice-api.ts';
import { isPassing } from '../failures.ts';
import { Pause } from '../pause.ts';
import type { AlertAct, AlertAnswer } from '../protocol.ts';
import type { Storage } from '../storage/storage.ts';
import { timeOf } from './alert-roster.ts';
import { answersIn, isAct } from './answers.ts';
import { readNotes, writeNotes, type AlertNote } from './kept-notes.ts';
import type { AnsweredAlert } from './own-devices.ts';

const pauseMs = 5_000;

export interface AlertReceiptsSurroundings {
  readonly deviceId: string;
  readonly storage: Storage;
  readonly appservice: Pick<AppserviceApi, 'sendAlertReceipt' | 'alertReceipts'>;
  /** Tells the person's other devices that something is answered; told again under the same id it is told once. */
  tellOwnDevices(alert: AnsweredAlert, transactionId: string): Promise<void>;
  onAnswers(answers: Readonly<Record<string, AlertAnswer>>): void;
}

export class AlertReceipts {
  readonly #surroundings: AlertReceiptsSurroundings;
  readonly #pause = new Pause();
  #notes: readonly AlertNote[] = [];
  /** Alerts to ask the appservice about, by event id. */
  readonly #questions = new Map<string, AnsweredAlert>();
  readonly #asked = new Set<string>();
  #restored: Promise<void> = Promise.resolve();
  #isWorking = false;
  #hasStopped = false;

  constructor(surroundings: AlertReceiptsSurroundings) {
    this.#surroundings = surroundings;
  }

  restore(): Promise<void> {
    this.#restored = this.#takeUp();
    return this.#restored;
  }

  async #takeUp(): Promise<void> {
    this.#notes = [...(await readNotes(this.#surroundings.storage)), ...this.#notes];
    this.#show();
    this.wake();
  }

  /** The alert stands here. What was answered elsewhere while this device was away is asked for, once each start. */
  stands(alert: AnsweredAlert): void {
    if (!this.#asked.has(alert.eventId)) this.askAgain(alert);
  }

  /** Another device of the person has answered it. */
  askAgain(alert: AnsweredAlert): void {
    this.#asked.add(alert.eventId);
    this.#questions.set(alert.eventId, alert);
    void this.#work();
  }

  /** Something that happens once: the alert has arrived, or is displayed. */
  async noteOnce(roomId: string, eventId: string, kind: 'arrived' | 'displayed'): Promise<void> {
    await this.#restored;
    if (this.#notes.some((note) => note.eventId === eventId && note.kind === kind)) return;
    await this.#keep([{ roomId, eventId, kind, at: Date.now(), isSent: false }]);
  }

  /** Resolves when it would survive a crash. */
  async answer(roomId: string, eventId: string, act: AlertAct): Promise<void> {
    await this.#keep([{ roomId, eventId, kind: act, at: Date.now(), isSent: false }]);
  }

  /** The network is back. */
  wake(): void {
    this.#pause.end();
    void this.#work();
  }

  stop(): void {
    this.#hasStopped = true;
    this.#pause.end();
  }

  async #keep(notes: readonly AlertNote[]): Promise<void> {
    this.#notes = [...this.#notes, ...notes];
    this.#show();
    try {
      await this.#store();
    } finally {
      // Where the disk is full it is sent all the same.
      void this.#work();
    }
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (let next = this.#next(); next && !this.#hasStopped; next = this.#next()) await this.#try(next);
    } finally {
      this.#isWorking = false;
    }
  }

  #next(): (() => Promise<void>) | undefined {
    const note = this.#notes.find(({ isSent }) => !isSent);
    if (note) return () => this.#send(note);
    const [question] = this.#questions.values();
    return question && (() => this.#ask(question));
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      await this.#pause.wait(pauseMs);
    }
  }

  async #send(note: AlertNote): Promise<void> {
    const { appservice, deviceId, tellOwnDevices } = this.#surroundings;
    const { roomId, eventId, kind, at } = note;
    const receipt: AlertReceipt = { deviceId, kind, at };
    await unlessRefused(async () => {
      await appservice.sendAlertReceipt(roomId, eventId, receipt);
      if (isAct(kind)) await tellOwnDevices(note, `${eventId} ${kind} ${at}`);
    });
    this.#notes = this.#notes.map((other) => (other === note ? { ...note, isSent: true } : other));
    await this.#store().catch(() => undefined);
  }

  /** What the person has answered on another device stands here, too. */
  async #ask(question: AnsweredAlert): Promise<void> {
    const { roomId, eventId } = question;
    const receipts = await unlessRefused(() => this.#surroundings.appservice.alertReceipts(roomId, eventId));
    // Told meanwhile of another answer, it asks once more.
    if (this.#questions.get(eventId) === question) this.#questions.delete(eventId);
    const acts = (receipts ?? []).filter(
      ({ deviceId, kind }) => deviceId !== this.#surroundings.deviceId && isAct(kind),
    );
    const found = acts.map((act) => ({ roomId, eventId, kind: act.kind, at: timeOf(act), isSent: true }));
    const news = found.filter((act) => !this.#notes.some((note) => isSame(note, act)));
    if (news.length > 0) await this.#keep(news).catch(() => undefined);
  }

  #store(): Promise<void> {
    return writeNotes(this.#surroundings.storage, this.#notes);
  }

  #show(): void {
    this.#surroundings.onAnswers(answersIn(this.#notes));
  }
}

/** What is refused for good (the alert is gone) is not worth another try. */
async function unlessRefused<T>(request: () => Promise<T>): Promise<T | null> {
  try {
    return await request();
  } catch (error) {
    if (isPassing(error)) throw error;
    return null;
  }
}

function isSame(one: AlertNote, other: AlertNote): boolean {
  return one.eventId === other.eventId && one.kind === other.kind && one.at === other.at;
}
