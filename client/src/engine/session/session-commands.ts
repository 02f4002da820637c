import type { Engine } from '../protocol.ts';

/** What needs a session. */
export type SessionCommands = Omit<
  Engine,
  'subscribe' | 'configuration' | 'signIn' | 'restore' | 'signOut' | 'setWatched'
>;
