import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { roomIdSchema, userIdSchema } from '#contract/ids.ts';
import { createGroupJoiner } from './group-joiner.ts';

const room = roomIdSchema.parse(`!${'A'.repeat(43)}`);
const [anna, bert, carla] = ['anna', 'bert', 'carla'].map((name) => userIdSchema.parse(`@${name}:land.hessen.test`));
const people = [anna, bert, carla].filter((person) => person !== undefined);
const token = 'token-of-the-memberships-endpoint';

interface Seen {
  readonly authorization: string | undefined;
  readonly body: unknown;
}

async function moduleThatAnswers(status: number, body: string): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    seen.push({ authorization: request.headers.authorization, body: await json(request) });
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
  };
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const { port } = z.object({ port: z.int() }).parse(server.address());
  return { url: `http://127.0.0.1:${port}/memberships`, seen };
}

function joinerAt(url: string): ReturnType<typeof createGroupJoiner> {
  const logger = pino({ enabled: false });
  return createGroupJoiner({ url, token, logger, abandoned: new AbortController().signal });
}

test('asks with its token for all at once and answers who is in the room', async () => {
  const outcomes = {
    [String(anna)]: { outcome: 'joined' },
    [String(bert)]: { outcome: 'present' },
    [String(carla)]: { outcome: 'refused', errcode: 'M_USER_LOCKED', error: 'locked' },
  };
  const { url, seen } = await moduleThatAnswers(200, JSON.stringify({ outcomes }));
  await expect(joinerAt(url)(room, people)).resolves.toEqual(new Set([anna, bert]));
  expect(seen).toEqual([{ authorization: `Bearer ${token}`, body: { room_id: room, people } }]);
});

test('tells a refusal of the whole request with its code', async () => {
  const { url } = await moduleThatAnswers(403, '{"errcode":"M_FORBIDDEN","error":"no room of the appservice"}');
  await expect(joinerAt(url)(room, people)).rejects.toMatchObject({ status: 403, errcode: 'M_FORBIDDEN' });
});

test.each(['{"outcomes":{"@anna:land.hessen.test":{"outcome":"perhaps"}}}', '[]', 'no json'])(
  'takes "%s" for no answer',
  async (body) => {
    const { url } = await moduleThatAnswers(200, body);
    await expect(joinerAt(url)(room, people)).rejects.toMatchObject({ errcode: 'M_NOT_JSON' });
  },
);

test('says so when nothing listens there', async () => {
  await expect(joinerAt('http://127.0.0.1:1/memberships')(room, people)).rejects.toMatchObject({ status: 0 });
});
