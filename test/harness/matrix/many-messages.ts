/** Many messages in a row, and how the homeserver tells them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { RoomId } from '#contract/ids.ts';
import { accepted, roomPath } from './rooms.ts';
import type { MatrixSession } from './session.ts';

const limitedSchema = z.object({ retry_after_ms: z.number() });
const pageSchema = z.object({
  chunk: z.array(z.object({ content: z.object({ body: z.string().optional() }) })),
});

interface Text {
  readonly body: string;
  readonly format?: string;
  readonly formatted_body?: string;
}

/** `<series> 0001` and so on. */
export function numbered(series: string, count: number): Text[] {
  return Array.from({ length: count }, (_, index) => ({ body: `${series} ${String(index + 1).padStart(4, '0')}` }));
}

/** Sends one after the other, as quickly as the homeserver allows. */
export async function sendPatiently(session: MatrixSession, roomId: RoomId, texts: readonly Text[]): Promise<void> {
  for (const text of texts) await sendOne(session, roomId, text);
}

async function sendOne(session: MatrixSession, roomId: RoomId, text: Text): Promise<void> {
  const path = roomPath(roomId, `send/m.room.message/${randomUUID()}`);
  for (;;) {
    const answer = await session.request('PUT', path, { msgtype: 'm.text', ...text });
    if (answer.status !== 429) return void accepted(answer);
    await pause(limitedSchema.parse(answer.body).retry_after_ms);
  }
}

/** The newest messages of the series, oldest first. */
export async function toldMessages(session: MatrixSession, roomId: RoomId, series: string): Promise<string[]> {
  const { chunk } = pageSchema.parse(
    accepted(await session.request('GET', roomPath(roomId, 'messages?dir=b&limit=500'))),
  );
  return chunk.flatMap(({ content: { body = '' } }) => (body.startsWith(series) ? [body] : [])).toReversed();
}
