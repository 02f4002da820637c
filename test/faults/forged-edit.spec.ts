/** A homeserver that puts words of its own in the place of encrypted ones (trust matrix, V11). */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { Seat } from '../e2e/seat.ts';
import { visitor } from '../e2e/stack.ts';
import { accepted, readMessages, roomPath, sendText } from '../harness/matrix/rooms.ts';
import { roomNamed, sessionOf } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';

test('a plain edit changes nothing of an encrypted message, and a plain message is marked', async ({ browser }) => {
  const [reader, writer] = await Promise.all([Seat.signIn(browser, miriam), Seat.signIn(browser, jonas)]);
  await Promise.all([reader.openRoom(room), writer.openRoom(room)]);
  const fileNumber = randomUUID();
  await writer.send(`Genehmigt: nein ${fileNumber}`);
  await expect(reader.message(`Genehmigt: nein ${fileNumber}`)).toBeVisible();

  const session = await sessionOf(jonas);
  const roomId = await roomNamed(session, room);
  const original = (await readMessages(session, roomId)).find(({ type }) => type === 'm.room.encrypted');
  const forged = { msgtype: 'm.text', body: `Genehmigt: ja ${fileNumber}` };
  const edit = {
    ...forged,
    'm.new_content': forged,
    'm.relates_to': { rel_type: 'm.replace', event_id: original?.event_id },
  };
  accepted(await session.request('PUT', roomPath(roomId, `send/m.room.message/${randomUUID()}`), edit));
  const plain = `Unverschlüsselt ${randomUUID()}`;
  await sendText(session, roomId, plain);

  for (const seat of [reader, writer]) {
    await expect(seat.message(plain)).toBeVisible();
    await expect(seat.message(plain).getByText('Unverschlüsselt angekommen')).toBeAttached();
    await expect(seat.message(`Genehmigt: nein ${fileNumber}`)).toHaveCount(1);
    await expect(seat.page.getByText(`Genehmigt: ja ${fileNumber}`)).toHaveCount(0);
  }
  // The same edit by its sender's own device counts.
  await writer.chooseFor(writer.message(`Genehmigt: nein ${fileNumber}`), 'Bearbeiten');
  await writer.send(`Genehmigt: ja ${fileNumber}`);
  await expect(reader.message(`Genehmigt: ja ${fileNumber}`)).toHaveCount(1);
  await Promise.all([reader.close(), writer.close()]);
});
