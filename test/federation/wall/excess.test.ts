/**
 * More than the specification allows (W40), by the server that the whitelist lists: too many events in a transaction,
 * too many predecessors of one event. (What only the border gateway will limit: border/open-cases.ts.)
 */
import { expect, test } from 'vitest';
import { eventIdSchema, type EventId } from '#contract/ids.ts';
import { buildEvent, type SignedEvent } from '#test/harness/federation/event.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { draftEvent, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { currentPosition, newsUntil, type News } from '#test/harness/matrix/sync.ts';
import { transaction } from '../doors/door.ts';
import { schule } from '../running-stack.ts';
import { useSharedRoom } from '../shared-room.ts';

const shared = useSharedRoom();

function message(room: KnownRoom, body: string, morePredecessors: readonly EventId[] = []): SignedEvent {
  const { teacher, schools } = shared();
  const draft = draftEvent(room, teacher, 'm.room.message', { msgtype: 'm.text', body });
  return buildEvent({ ...draft, prev_events: [...draft.prev_events, ...morePredecessors] }, schools.signer);
}

function typing(): object {
  const { room, teacher } = shared();
  return { edu_type: 'm.typing', content: { room_id: room.roomId, user_id: teacher, typing: false } };
}

const textsOf = ({ roomEvents }: News): readonly unknown[] => roomEvents.map(({ content }) => content['body']);

test.each([
  {
    what: '51 events',
    allowed: 50,
    content: (room: KnownRoom, count: number) => ({
      pdus: Array.from<unknown>({ length: count }).fill(message(room, 'fünfzigmal dasselbe').pdu),
    }),
  },
  {
    what: '101 ephemeral events',
    allowed: 100,
    content: (_room: KnownRoom, count: number) => ({ edus: Array.from({ length: count }, typing) }),
  },
])('a transaction with $what is refused; one less is taken', async ({ allowed, content }) => {
  const {
    schools: { signer: schools },
    ministry,
    know,
  } = shared();
  const room = await know();
  const send = (count: number) =>
    sendFederationRequest(transaction(schools, content(room, count)), schools, ministry.target);
  const refused = await send(allowed + 1);
  expect(refused.status).toBe(400);
  expect(await loggedRequest(ministry.requestLog, refused.mark)).toMatchObject({ requester: schule, status: 400 });
  expect((await send(allowed)).status).toBe(200);
});

test('an event with ten thousand predecessors is not heard, and one with its own predecessor is', async () => {
  const {
    schools: { signer: schools },
    ministry,
    resident,
    know,
  } = shared();
  const since = await currentPosition(resident);
  const room = await know();
  const invented = Array.from({ length: 10_000 }, (_, index) =>
    eventIdSchema.parse(`$${String(index).padStart(43, 'A')}`),
  );
  for (const event of [message(room, 'mit zehntausend Vorgängern', invented), message(room, 'mit einem')]) {
    const answer = await sendFederationRequest(transaction(schools, { pdus: [event.pdu] }), schools, ministry.target);
    expect(answer.status).toBe(200);
  }
  const news = await newsUntil(resident, since, (soFar) => textsOf(soFar).includes('mit einem'));
  expect(textsOf(news)).not.toContain('mit zehntausend Vorgängern');
});
