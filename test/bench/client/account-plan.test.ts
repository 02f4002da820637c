import { expect, it } from 'vitest';
import { longRoomName, messageText, planRooms } from './account-plan.ts';

const full = planRooms({ rooms: 1000, spaces: 20, longRoomMessages: 5000 });

it('is the account of the published figures', () => {
  expect(full).toHaveLength(1000);
  expect(new Set(full.map(({ space }) => space).filter((space) => space !== null)).size).toBe(20);
  expect(full.filter(({ isEncrypted }) => isEncrypted)).toHaveLength(30);
  expect(full.filter(({ isShared }) => isShared)).toHaveLength(70);
  expect(full.filter(({ messages }) => messages === 20)).toHaveLength(450);
  expect(full.find(({ name }) => name === longRoomName)?.messages).toBe(5000);
});

it('gives no two rooms and no two messages of a room the same words', () => {
  expect(new Set(full.map(({ name }) => name)).size).toBe(full.length);
  const [room] = full;
  if (room === undefined) throw new Error('no room');
  const texts = Array.from({ length: room.messages }, (_, index) => messageText(room, index + 1));
  expect(texts.filter((text) => text.includes(messageText(room, 1)))).toHaveLength(1);
});
