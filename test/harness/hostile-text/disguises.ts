/** Rooms as a hostile homeserver would show them: with hostile texts for name, topic, people and a file. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { roomOriginKey, roomOriginSchema } from '#contract/event-content.ts';

/** Hostile texts of one room. */
interface Disguise {
  readonly name: string;
  readonly topic: string;
  /** Of a file, and of the person who has sent it. */
  readonly file: string;
}

const stateSchema = z.looseObject({ type: z.string(), content: z.record(z.string(), z.unknown()).optional() });
const roomSchema = z.looseObject({ required_state: z.array(stateSchema).optional() });
const roomsSchema = z.looseObject({ rooms: z.record(z.string(), roomSchema) });
type StateEvent = z.infer<typeof stateSchema>;

const sender = '@fremd:land.hessen.test';
/** As much as a room's name may have, with some to spare. */
const longestPack = 240;
const packsOfTopic = 4;
const packsOfRoom = packsOfTopic + 2;

/** Puts every room of the answers to a sync into a disguise, but for direct chats and one that has to be found by its name. */
export class Disguises {
  readonly #byRoom = new Map<string, Disguise>();
  readonly #packs: readonly string[];
  readonly #spared: string;

  /** @param spared name of the room that stays as it is */
  constructor(texts: readonly string[], spared: string) {
    this.#packs = packed(texts);
    this.#spared = spared;
  }

  /** As few as have all texts between them. */
  get all(): readonly Disguise[] {
    return [...this.#byRoom.values()].slice(0, Math.ceil(this.#packs.length / packsOfRoom));
  }

  rewrite(body: string): string {
    const answer = roomsSchema.safeParse(JSON.parse(body));
    if (!answer.success) return body;
    for (const [roomId, change] of Object.entries(answer.data.rooms)) {
      if (!change.required_state || !this.#isDisguised(change.required_state)) continue;
      const disguise = this.#byRoom.get(roomId) ?? this.#disguiseOf(this.#byRoom.size);
      this.#byRoom.set(roomId, disguise);
      change.required_state.push(...stateOf(disguise));
      change['timeline'] = [fileOf(disguise, this.#byRoom.size)];
    }
    return JSON.stringify(answer.data);
  }

  /** No space, which lists show in another way. */
  #isDisguised(state: readonly StateEvent[]): boolean {
    const contentOf = (type: string): StateEvent['content'] => state.find((event) => event.type === type)?.content;
    const created = contentOf('m.room.create');
    const origin = roomOriginSchema.safeParse(created?.[roomOriginKey]).data;
    const name = contentOf('m.room.name')?.['name'];
    const isListed = created?.['type'] !== 'm.space' && origin?.class !== 'direkt';
    return isListed && name !== undefined && name !== this.#spared;
  }

  #disguiseOf(number: number): Disguise {
    const at = (place: number): string => this.#packs[(packsOfRoom * number + place) % this.#packs.length] ?? '';
    const topic = Array.from({ length: packsOfTopic }, (_, place) => at(place)).join(' ');
    return { name: at(packsOfTopic), topic, file: at(packsOfTopic + 1) };
  }
}

/** The texts together, in as few pieces as fit into a name. */
function packed(texts: readonly string[]): readonly string[] {
  const packs: string[] = [];
  for (const text of texts) {
    const last = packs.at(-1);
    if (last !== undefined && last.length + text.length < longestPack) packs[packs.length - 1] = `${last} ${text}`;
    else packs.push(text);
  }
  return packs;
}

function stateOf({ name, topic, file }: Disguise) {
  const event = { sender, origin_server_ts: Date.now(), state_key: '' };
  const joined = { membership: 'join', displayname: file };
  return [
    { ...event, event_id: `$${randomUUID()}`, type: 'm.room.name', content: { name } },
    { ...event, event_id: `$${randomUUID()}`, type: 'm.room.topic', content: { topic } },
    { ...event, event_id: `$${randomUUID()}`, type: 'm.room.member', state_key: sender, content: joined },
  ];
}

function fileOf({ file }: Disguise, number: number) {
  const content = { msgtype: 'm.file', body: file, filename: file, url: `mxc://land.hessen.test/${number}` };
  return { sender, origin_server_ts: Date.now(), event_id: `$file${number}`, type: 'm.room.message', content };
}
