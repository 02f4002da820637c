/**
 * What this device says of alerts: kept before it is sent, sent with the time at which it happened, and sent again until the
 * appservice has it (docs/adr/0026). Alerts go by room and event; nothing of what they say leaves the device here.
 */
import { z } from 'zod';
import { alertReceiptKindSchema, type AlertReceipt } from '#contract/alert-receipts.ts';
import type { AppserviceApi } from '../directory/appservice-api.ts';
import { isPassing } from '../failures.ts';
import { Pause } from '../pause.ts';
import type { AlertAct, AlertAnswer } from '../protocol.ts';
import type { Storage } from '../storage/storage.ts';
import { answersIn } from './answers.ts';

const storedKey = 'alert-receipts';
const pauseMs = 5_000;
/** As long as the appservice keeps them. */
const keptMs = 30 * 24 * 60 * 60 * 1000;

const noteSchema = z.object({
  roomId: z.string(),
  eventId: z.string(),
  kind: alertReceiptKindSchema,
  at: z.number(),
  isSent: z.boolean(),
});
export type AlertNote = z.infer<typeof noteSchema>;

export interface AlertReceiptsSurroundings {
  readonly deviceId: string;
  readonly storage: Storage;
  readonly appservice: Pick<AppserviceApi, 'sendAlertReceipt' | 'alertReceipts'>;
  onAnswers(answers: Readonly<Record<string, AlertAnswer>>): void;
}

export class AlertReceipts {
  readonly #surroundings: AlertReceiptsSurroundings;
  readonly #pause = new Pause();
  #notes: readonly AlertNote[] = [];
  #restored: Promise<void> = Promise.resolve();
  #isSending = false;
  #hasStopped = false;

  constructor(surroundings: AlertReceiptsSurroundings) {
    this.#surroundings = surroundings;
  }

  restore(): Promise<void> {
    this.#restored = this.#takeUp();
    return this.#restored;
  }

  async #takeUp(): Promise<void> {
    const stored = await this.#surroundings.storage.table('values').get(storedKey);
    const notes = z.array(noteSchema).safeParse(stored).data ?? [];
    this.#notes = [...notes.filter(({ at }) => at > Date.now() - keptMs), ...this.#notes];
    this.#show();
    this.wake();
  }

  /** Something that happens once: the alert has arrived, or is displayed. */
  async noteOnce(roomId: string, eventId: string, kind: 'arrived' | 'displayed'): Promise<void> {
    await this.#restored;
    if (this.#notes.some((note) => note.eventId === eventId && note.kind === kind)) return;
    const keeping = this.#keep({ roomId, eventId, kind, at: Date.now(), isSent: false });
    if (kind === 'arrived') void this.#ask(roomId, eventId);
    await keeping;
  }

  /** Resolves when it would survive a crash. */
  async answer(roomId: string, eventId: string, act: AlertAct): Promise<void> {
    await this.#keep({ roomId, eventId, kind: act, at: Date.now(), isSent: false });
  }

  /** The network is back. */
  wake(): void {
    this.#pause.end();
    void this.#send();
  }

  stop(): void {
    this.#hasStopped = true;
    this.#pause.end();
  }

  async #keep(note: AlertNote): Promise<void> {
    this.#notes = [...this.#notes, note];
    this.#show();
    try {
      await this.#store();
    } finally {
      // Where the disk is full it is sent all the same.
      void this.#send();
    }
  }

  /** What the person has answered on another device before stands here, too. */
  async #ask(roomId: string, eventId: string): Promise<void> {
    const { appservice, deviceId } = this.#surroundings;
    const known = await appservice.alertReceipts(roomId, eventId).catch(() => []);
    const others = known.filter((receipt) => receipt.deviceId !== deviceId);
    if (others.length === 0) return;
    const found = others.map(({ kind, at }) => ({ roomId, eventId, kind, at, isSent: true }));
    this.#notes = [...this.#notes, ...found];
    this.#show();
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let next = this.#next(); next && !this.#hasStopped; next = this.#next()) await this.#sendOne(next);
    } finally {
      this.#isSending = false;
    }
  }

  #next(): AlertNote | undefined {
    return this.#notes.find(({ isSent }) => !isSent);
  }

  async #sendOne(note: AlertNote): Promise<void> {
    const { appservice, deviceId } = this.#surroundings;
    const receipt: AlertReceipt = { deviceId, kind: note.kind, at: note.at };
    try {
      await appservice.sendAlertReceipt(note.roomId, note.eventId, receipt);
    } catch (error) {
      // What is refused for good (the alert is gone) is not worth another try.
      if (isPassing(error)) return this.#pause.wait(pauseMs);
    }
    this.#notes = this.#notes.map((other) => (other === note ? { ...note, isSent: true } : other));
    await this.#store().catch(() => undefined);
  }

  #store(): Promise<void> {
    return this.#surroundings.storage.write([{ table: 'values', key: storedKey, value: this.#notes }]);
  }

  #show(): void {
    this.#surroundings.onAnswers(answersIn(this.#notes));
  }
}
