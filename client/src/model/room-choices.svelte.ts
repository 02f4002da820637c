import type { Engine, Failure, NotificationMode, Result } from '../engine/protocol.ts';

/** What a person decides about a room: to join, to leave, to favour, to be notified. */
export class RoomChoices {
  readonly #engine: Engine;
  #failure = $state.raw<Failure | null>(null);
  #isWorking = $state(false);

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get isWorking(): boolean {
    return this.#isWorking;
  }

  accept(roomId: string): Promise<boolean> {
    return this.#run(this.#engine.acceptInvitation(roomId));
  }

  /** Declines an invitation too. */
  leave(roomId: string): Promise<boolean> {
    return this.#run(this.#engine.leaveRoom(roomId));
  }

  setFavourite(roomId: string, isFavourite: boolean): Promise<boolean> {
    return this.#run(this.#engine.setFavourite(roomId, isFavourite));
  }

  setNotifications(roomId: string, mode: NotificationMode): Promise<boolean> {
    return this.#run(this.#engine.setNotifications(roomId, mode));
  }

  async #run(command: Promise<Result<void>>): Promise<boolean> {
    this.#isWorking = true;
    const result = await command;
    this.#isWorking = false;
    this.#failure = result.ok ? null : result.failure;
    return result.ok;
  }
}
