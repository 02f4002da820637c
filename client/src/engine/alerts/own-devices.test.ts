import { expect, it } from 'vitest';
import { answeredElsewhere, tellOwnDevices } from './own-devices.ts';

const phone = { userId: '@pia:polizei.hessen.test', deviceId: 'PHONE' };
const station = { ...phone, deviceId: 'STATION' };
const alert = { roomId: '!a', eventId: '$a' };

/** The message that `phone` sends, as the homeserver hands it to all devices of the person. */
async function message(): Promise<{ type: string; sender: string; content: Record<string, unknown> }> {
  const requests: { path: string; body: unknown }[] = [];
  const api = {
    request: async (_method: string, path: string, options = {}) => requests.push({ path, body: options }),
  };
  await tellOwnDevices(api, phone, alert, '$a acknowledged 500');
  const [{ path, body } = { path: '', body: {} }] = requests;
  const type = path.split('/').at(-2) ?? '';
  const messages = Object(body).body.messages;
  expect([path.split('/').at(-1), Object.keys(messages)]).toEqual(['%24a%20acknowledged%20500', [phone.userId]]);
  return { type, sender: phone.userId, content: messages[phone.userId]['*'] };
}

it('tells every other device of the person, and names the alert', async () => {
  const told = await message();
  expect(answeredElsewhere([told], station)).toEqual([alert]);
  expect(answeredElsewhere([told], phone)).toEqual([]);
});

it('takes nothing from anybody else, nor anything else', async () => {
  const told = await message();
  const others = [
    { ...told, sender: '@ole:polizei.hessen.test' },
    { ...told, type: 'm.room_key' },
  ];
  const broken = [{ ...told, content: { ...told.content, room_id: 7 } }, { ...told, content: null }, null, 'x'];
  expect(answeredElsewhere([...others, ...broken, told], station)).toEqual([alert]);
});
