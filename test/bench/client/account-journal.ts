/** Which rooms of the measured account are made, kept on disk, so that a generation that was cut off can go on. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import type { AccountSize } from './account-plan.ts';

const entrySchema = z.object({ name: z.string(), roomId: roomIdSchema });

export class AccountJournal {
  readonly #path: string;
  readonly #rooms: Map<string, RoomId>;

  private constructor(path: string, rooms: Map<string, RoomId>) {
    this.#path = path;
    this.#rooms = rooms;
  }

  /** Null if there is none, or one of an account of another size. */
  static async read(path: string, size: AccountSize): Promise<AccountJournal | null> {
    const [head, ...lines] = (await readFile(path, 'utf8').catch(() => '')).split('\n').filter(Boolean);
    if (head !== JSON.stringify(size)) return null;
    const entries = lines.map((line) => entrySchema.parse(JSON.parse(line)));
    return new AccountJournal(path, new Map(entries.map(({ name, roomId }) => [name, roomId])));
  }

  static async begin(path: string, size: AccountSize): Promise<AccountJournal> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${JSON.stringify(size)}\n`);
    return new AccountJournal(path, new Map());
  }

  isComplete({ rooms, spaces }: AccountSize): boolean {
    return this.#rooms.size === rooms + spaces;
  }

  find(name: string): RoomId | undefined {
    return this.#rooms.get(name);
  }

  /** The room has everything that belongs to it. */
  async note(name: string, roomId: RoomId): Promise<void> {
    this.#rooms.set(name, roomId);
    await appendFile(this.#path, `${JSON.stringify({ name, roomId })}\n`);
  }
}
