/**
 * What the page paints first, on its way before the rest of the client is loaded: reading takes as long as that. The
 * page begins with this module (client/build/read-first.ts).
 */
import { databaseName, readBootSnapshot, type BootSnapshot } from './engine/boot-snapshot.ts';
import { readDrafts } from './engine/kept-drafts.ts';

/** A store that cannot be read has nothing to paint; the engine will say what is wrong. */
export const storedSnapshot: Promise<BootSnapshot | null> = readBootSnapshot().catch(() => null);

export const storedDrafts: Promise<Readonly<Record<string, string>>> = readDrafts(databaseName).catch(() => ({}));
