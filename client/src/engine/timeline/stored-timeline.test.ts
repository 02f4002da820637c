import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../storage/memory-storage.ts';
import type { Storage } from '../storage/storage.ts';
import type { Chunk } from './chunk.ts';
import { StoredTimeline } from './stored-timeline.ts';
import { eventsBetween } from './test-events.ts';
import type { TimelineEvent } from './timeline-event.ts';

const roomId = '!referat:land.hessen.test';

const live = (events: TimelineEvent[]): Chunk => ({
  id: 1,
  events,
  olderToken: 'older',
  newerToken: null,
  isLive: true,
});

async function write(storage: Storage, stored: StoredTimeline, chunks: readonly Chunk[]): Promise<void> {
  const { changes, confirm } = stored.changes(chunks);
  await storage.write(changes);
  confirm();
}

describe('StoredTimeline', () => {
  it('gives back what was written, however it grew at its ends and however often it was taken up again', async () => {
    const steps = fc.array(fc.record({ older: fc.nat(130), newer: fc.nat(130), isTakenUp: fc.boolean() }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (growth) => {
        const storage = memoryStorage();
        let stored = StoredTimeline.empty(roomId);
        let [from, to] = [1_000, 1_000];
        for (const { older, newer, isTakenUp } of growth) {
          [from, to] = [from - older, to + newer];
          await write(storage, stored, [live(eventsBetween(from, to))]);
          const read = await StoredTimeline.read(storage, roomId);
          expect(read.chunks).toEqual([live(eventsBetween(from, to))]);
          if (isTakenUp) stored = read.stored;
        }
      }),
      { numRuns: 30 },
    );
  });

  it('keeps a room whose history is short in one record', () => {
    const { changes } = StoredTimeline.empty(roomId).changes([live(eventsBetween(0, 20))]);
    expect(changes.map(({ key }) => key)).toEqual([roomId]);
  });

  it('reads a timeline whose segments all have records of their own, as an earlier version wrote it', async () => {
    const storage = memoryStorage();
    const { events: _events, ...outline } = live([]);
    await storage.write([
      { table: 'timelines', key: roomId, value: { chunks: [{ ...outline, segments: [1, 2] }] } },
      { table: 'timelines', key: `${roomId} 1`, value: eventsBetween(0, 100) },
      { table: 'timelines', key: `${roomId} 2`, value: eventsBetween(100, 103) },
    ]);
    const { stored, chunks } = await StoredTimeline.read(storage, roomId);
    expect(chunks).toEqual([live(eventsBetween(0, 103))]);
    await write(storage, stored, [live(eventsBetween(0, 220))]);
    expect((await StoredTimeline.read(storage, roomId)).chunks).toEqual([live(eventsBetween(0, 220))]);
  });
});
