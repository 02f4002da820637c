/** Three ways for an acknowledgement to reach whoever sent the alert (docs/adr/0026). */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { alertReceiptsSchema } from '#contract/alert-receipts.ts';
import type { EventId, RoomId } from '#contract/ids.ts';
import { accepted, roomPath } from '../../harness/matrix/rooms.ts';
import type { MatrixSession } from '../../harness/matrix/session.ts';
import type { ApiSession } from '../../integration/api-session.ts';
import { acknowledgementType } from './listener.ts';

export interface Patrol {
  readonly matrix: MatrixSession;
  readonly api: ApiSession;
}

export interface SentAlert {
  readonly roomId: RoomId;
  readonly eventId: EventId;
  readonly sender: Patrol;
}

export interface Way {
  readonly name: string;
  acknowledge(patrol: Patrol, alert: SentAlert): Promise<void>;
  /** How many devices the sync tells of one acknowledgement, of so many that listen. */
  toldDevices(listening: number): number;
  /** Resolves when whoever sent the alert has asked for so many; null: the sync tells them. */
  readonly untilAsked: ((alert: SentAlert, count: number) => Promise<void>) | null;
}

/** As long as what Olm and Megolm make of an acknowledgement. */
const ciphertext = 'A'.repeat(500);
/** As often as a client asks while its person looks at the roster. */
const askEveryMs = 1_000;

export const ways: readonly Way[] = [
  {
    name: 'room event',
    async acknowledge({ matrix }, { roomId }) {
      const path = roomPath(roomId, `send/${acknowledgementType}/${randomUUID()}`);
      accepted(await matrix.request('PUT', path, { ciphertext }));
    },
    toldDevices: (listening) => listening,
    untilAsked: null,
  },
  {
    name: 'to-device message',
    async acknowledge({ matrix }, { sender }) {
      const messages = { [sender.matrix.userId]: { '*': { ciphertext } } };
      const path = `/v3/sendToDevice/${acknowledgementType}/${randomUUID()}`;
      accepted(await matrix.request('PUT', path, { messages }));
    },
    // The sender's own, and the one that stands for the duty desk.
    toldDevices: () => 2,
    untilAsked: null,
  },
  {
    name: 'receipt at the appservice',
    async acknowledge({ api }, alert) {
      const body = { deviceId: 'PHONE', kind: 'acknowledged', at: Date.now() };
      const { status } = await api.request('POST', receiptsPath(alert), body);
      if (status !== 204) throw new Error(`The appservice answered ${status}.`);
    },
    toldDevices: () => 0,
    async untilAsked(alert, count) {
      const { body } = await alert.sender.api.request('GET', receiptsPath(alert));
      if (alertReceiptsSchema.parse(body).receipts.length >= count) return;
      await pause(askEveryMs);
      return this.untilAsked?.(alert, count);
    },
  },
];

function receiptsPath({ roomId, eventId }: SentAlert): string {
  return `/alerts/${encodeURIComponent(roomId)}/${encodeURIComponent(eventId)}/receipts`;
}
