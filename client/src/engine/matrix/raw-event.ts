/** An event as the homeserver gives it, after the edge has checked its shape (client-server API, "Room Event Format"). */
export interface RawEvent {
  readonly event_id: string;
  readonly type: string;
  readonly sender: string;
  readonly origin_server_ts: number;
  readonly content: Readonly<Record<string, unknown>>;
  readonly state_key?: string;
  readonly unsigned?: Readonly<Record<string, unknown>>;
}
