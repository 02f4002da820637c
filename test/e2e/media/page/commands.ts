/** What the tests tell the worker that has the media part of the engine. */
export type Command =
  | {
      readonly type: 'start';
      readonly homeserverUrl: string;
      readonly accessToken: string;
      readonly isSharedComputer: boolean;
    }
  | { readonly type: 'upload'; readonly bytes: readonly number[]; readonly mimeType: string; readonly name: string }
  | { readonly type: 'upload and cancel'; readonly bytes: readonly number[] }
  | { readonly type: 'receive'; readonly content: unknown };

export interface Outcome {
  /** Name of what was thrown, null if nothing was. */
  readonly problem: string | null;
  readonly content: Readonly<Record<string, unknown>> | null;
  readonly name: string | null;
  readonly source: string | null;
  readonly thumbnail: string | null;
  /** Bytes sent and to be sent, as reported on the way. */
  readonly progress: readonly (readonly [number, number])[];
}

export interface Order {
  readonly id: string;
  readonly command: Command;
}

export interface Answer {
  readonly id: string;
  readonly outcome: Outcome;
}
