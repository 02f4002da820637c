import type { AlertAct, AlertAnswer, Engine, Result, RosterEntry, SentAlert } from '../engine/protocol.ts';

/** What the signed-in person has done about alerts. */
export class Alerts {
  readonly #engine: Pick<Engine, 'alertRoster' | 'answerAlert' | 'showedAlert'>;
  #answers = $state.raw<Readonly<Record<string, AlertAnswer>>>({});

  constructor(engine: Pick<Engine, 'alertRoster' | 'answerAlert' | 'showedAlert'>) {
    this.#engine = engine;
  }

  /** By event id. */
  get answers(): Readonly<Record<string, AlertAnswer>> {
    return this.#answers;
  }

  apply(answers: Readonly<Record<string, AlertAnswer>>): void {
    this.#answers = answers;
  }

  answer(roomId: string, eventId: string, act: AlertAct): void {
    void this.#engine.answerAlert(roomId, eventId, act);
  }

  /** It stands on this screen, which somebody looks at. */
  showed(roomId: string, eventId: string): void {
    this.#engine.showedAlert(roomId, eventId);
  }

  roster(roomId: string, alert: SentAlert): Promise<Result<readonly RosterEntry[]>> {
    return this.#engine.alertRoster(roomId, alert);
  }

  clear(): void {
    this.#answers = {};
  }
}
