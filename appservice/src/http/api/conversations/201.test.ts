import { expect, test } from 'vitest';
import { conversationSchema, type NewConversation } from '#contract/api.ts';
import { roomIdSchema, type UserId } from '#contract/ids.ts';
import { signIn, startTestApi } from '../../test-support/test-api.ts';
import { jana, uwe } from '#appservice/people/test-organisation.ts';

test.each([
  [true, 201],
  [false, 200],
])('created: %s is answered with %i', async (created, status) => {
  const asked: [UserId, NewConversation][] = [];
  const { url } = await startTestApi({
    conversations: {
      start: async (creator, wanted) => {
        asked.push([creator, wanted]);
        return { isStarted: true, conversation: { roomId: roomIdSchema.parse('!room'), created } };
      },
    },
  });
  const response = await fetch(`${url}/api/v1/conversations`, {
    method: 'POST',
    headers: await signIn(url),
    body: JSON.stringify({ class: 'direkt', with: uwe }),
  });
  expect(response.status).toBe(status);
  expect(conversationSchema.parse(await response.json())).toEqual({ roomId: '!room', created });
  expect(asked).toEqual([[jana, { class: 'direkt', with: uwe }]]);
});
