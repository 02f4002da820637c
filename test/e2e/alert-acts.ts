/** What the tests of alerts do: send one from the desk, find it above a patrol's chats, ask what devices said of it. */
import { randomUUID } from 'node:crypto';
import { expect, type Locator } from '@playwright/test';
import { alertReceiptsSchema, type RecordedReceipt } from '#contract/alert-receipts.ts';
import { eventIdSchema, roomIdSchema } from '#contract/ids.ts';
import { accepted, readMessages, roomPath } from '../harness/matrix/rooms.ts';
import { signIn, signOut } from '../harness/matrix/session.ts';
import { signInToApi } from '../integration/api-session.ts';
import type { Seat } from './seat.ts';
import { visitor } from './stack.ts';

/** Holds the post that may write into the room; the others are patrols. */
export const desk = visitor('polizei.hessen.test', 'ismail.demirel');
export const patrol = visitor('polizei.hessen.test', 'svenja.kraft');
const room = 'Fahndung Nordhessen';

export async function sendAlert(seat: Seat, reference: string): Promise<void> {
  await seat.openRoom(room);
  await seat.page.getByRole('button', { name: 'Fahndung', exact: true }).click();
  const dialog = seat.page.getByRole('dialog', { name: 'Fahndung oder Lage senden' });
  await dialog.locator('input[type=file]').setInputFiles(await seat.drawPicture('gesucht.png'));
  await dialog.getByLabel('Aktenzeichen').fill(reference);
  await dialog.getByLabel('Text', { exact: true }).fill('Unbekannter Mann, dunkle Jacke. Nicht allein ansprechen.');
  await dialog.getByRole('radio', { name: 'Alarm' }).check({ force: true });
  await expect(dialog.getByText('niemand von außen')).toBeVisible();
  await dialog.getByRole('button', { name: /^Alarm an \d+ Person(en)? senden$/ }).click();
}

/** One alert above the chats: in full, or as a strip below those that earlier runs have left unanswered. */
export function alertAbove({ page }: Seat, reference: string): Locator {
  const place = page.getByRole('region', { name: 'Fahndungen und Lagen' });
  return place.getByRole('article').filter({ hasText: reference });
}

/** Asks the appservice, as the desk, what the patrol's devices have said of the room's newest message. */
export async function openReceipts(roomAddress: string) {
  const matrix = await signIn(desk.homeserverUrl, desk.person.userId, desk.person.password);
  const roomId = roomIdSchema.parse(decodeURIComponent(new URL(roomAddress).hash.split('/').at(-1) ?? ''));
  const newest = (await readMessages(matrix, roomId)).find(({ type }) => type === 'm.room.encrypted');
  const eventId = eventIdSchema.parse(newest?.event_id);
  const api = await signInToApi(desk.appserviceUrl, matrix);
  const path = `/alerts/${encodeURIComponent(roomId)}/${encodeURIComponent(eventId)}/receipts`;
  const ofPatrol = async (): Promise<readonly RecordedReceipt[]> => {
    const { receipts } = alertReceiptsSchema.parse(accepted(await api.request('GET', path)));
    return receipts.filter(({ userId }) => userId === patrol.person.userId);
  };
  return {
    ofPatrol,
    status: async (): Promise<number> => (await api.request('GET', path)).status,
    /** As the desk, for everybody. */
    deleteAlert: async () => {
      accepted(
        await matrix.request('PUT', roomPath(roomId, `redact/${encodeURIComponent(eventId)}/${randomUUID()}`), {}),
      );
    },
    close: () => signOut(matrix),
  };
}
