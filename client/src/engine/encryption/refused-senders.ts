/** What was refused because its sender's device is signed by nobody, until news of that person's devices come in. */
export class RefusedSenders {
  /** By person, then by room: session ids. */
  readonly #sessions = new Map<string, Map<string, Set<string>>>();
  readonly #tryAgain: (roomId: string, sessionIds: readonly string[]) => void;

  constructor(tryAgain: (roomId: string, sessionIds: readonly string[]) => void) {
    this.#tryAgain = tryAgain;
  }

  add(userId: string, roomId: string, sessionId: string): void {
    const rooms = this.#sessions.get(userId) ?? new Map<string, Set<string>>();
    this.#sessions.set(userId, rooms.set(roomId, (rooms.get(roomId) ?? new Set()).add(sessionId)));
  }

  devicesUpdated(userIds: readonly string[]): void {
    for (const userId of userIds) {
      const rooms = this.#sessions.get(userId) ?? [];
      this.#sessions.delete(userId);
      for (const [roomId, sessionIds] of rooms) this.#tryAgain(roomId, [...sessionIds]);
    }
  }
}
