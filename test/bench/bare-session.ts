/** The client-server API without a client: what a message costs at least. */
import { z } from 'zod';
import { localpartOf } from '#contract/ids.ts';
import type { StackPerson } from '#stack/stack-file.ts';

const signedInSchema = z.object({ access_token: z.string() });
const roomsSchema = z.object({ joined_rooms: z.array(z.string()) });
const nameSchema = z.object({ name: z.string() });
const syncSchema = z.object({
  next_batch: z.string(),
  rooms: z
    .object({
      join: z.record(z.string(), z.object({ timeline: z.object({ events: z.array(z.unknown()) }) })).default({}),
    })
    .prefault({}),
});

/** An event that no client shows, of a type of its own, so that the screens stay as they are. */
const eventType = 'de.landbote.bench';
const pollMsMax = 30_000;

export class BareSession {
  readonly #url: string;
  readonly #token: string;
  #since: string | null = null;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  static async signIn(url: string, person: StackPerson): Promise<BareSession> {
    const identifier = { type: 'm.id.user', user: localpartOf(person.userId) };
    const body = { type: 'm.login.password', identifier, password: person.password };
    const answer = await new BareSession(url, '').#request('POST', '/login', body);
    return new BareSession(url, signedInSchema.parse(answer).access_token);
  }

  async roomNamed(wanted: string): Promise<string> {
    const { joined_rooms: rooms } = roomsSchema.parse(await this.#request('GET', '/joined_rooms'));
    for (const roomId of rooms) {
      const answer = await this.#request('GET', `/rooms/${encodeURIComponent(roomId)}/state/m.room.name`);
      if (nameSchema.parse(answer).name === wanted) return roomId;
    }
    throw new Error(`Nobody put this person into ${wanted}.`);
  }

  async send(roomId: string, marker: string): Promise<void> {
    const path = `/rooms/${encodeURIComponent(roomId)}/send/${eventType}/${marker}`;
    await this.#request('PUT', path, { marker });
  }

  /** Reads on to where nothing new waits. */
  async catchUp(): Promise<void> {
    await this.#sync(0);
  }

  /** Long-polls until the event with this marker arrives. */
  async untilEvent(roomId: string, marker: string): Promise<void> {
    for (;;) {
      const { rooms } = await this.#sync(pollMsMax);
      if (JSON.stringify(rooms.join[roomId] ?? {}).includes(marker)) return;
    }
  }

  async signOut(): Promise<void> {
    await this.#request('POST', '/logout', {});
  }

  async #sync(timeoutMs: number): Promise<z.infer<typeof syncSchema>> {
    const since = this.#since === null ? '' : `&since=${encodeURIComponent(this.#since)}`;
    const answer = syncSchema.parse(await this.#request('GET', `/sync?timeout=${timeoutMs}${since}`));
    this.#since = answer.next_batch;
    return answer;
  }

  async #request(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.#url}/_matrix/client/v3${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        // The homeserver closes connections that were idle while the browsers had their turn.
        connection: 'close',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
