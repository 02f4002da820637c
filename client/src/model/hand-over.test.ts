import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../engine/protocol.ts';
import { HandOver } from './hand-over.ts';
import { fakeEngine, fakePlatform } from './testing.ts';

const message = { text: 'Der Pegel steigt.', mentionIds: [], answers: null };
const call = ['!a', 'item', message];

function stored() {
  return vi.fn<Engine['sendMessage']>(async () => ({ ok: true, value: undefined }));
}

describe('HandOver', () => {
  it('gives again what an engine took with it when the page was reloaded', () => {
    const storage = fakePlatform().session;
    new HandOver(fakeEngine().engine, storage, () => false).give('sendMessage', '!a', 'item', message);
    const sendMessage = stored();
    new HandOver(fakeEngine({ sendMessage }).engine, storage, () => false).giveAgain();
    expect(sendMessage.mock.calls).toEqual([call]);
  });

  it('gives nothing again that was stored', async () => {
    const storage = fakePlatform().session;
    const sendMessage = stored();
    const { engine } = fakeEngine({ sendMessage });
    new HandOver(engine, storage, () => false).give('sendMessage', '!a', 'item', message);
    await vi.waitFor(() => expect(storage.get('handed-over-1')).toBeNull());
    new HandOver(engine, storage, () => false).giveAgain();
    expect(sendMessage).toHaveBeenCalledOnce();
  });

  it('gives the next engine what the last one could not store, in order', async () => {
    const edit = vi
      .fn<Engine['edit']>(async () => ({ ok: true, value: undefined }))
      .mockResolvedValueOnce({ ok: false, failure: { kind: 'unreachable' } });
    const sendMessage = stored().mockResolvedValueOnce({ ok: false, failure: { kind: 'unreachable' } });
    const handOver = new HandOver(fakeEngine({ sendMessage, edit }).engine, fakePlatform().session, () => true);
    handOver.give('sendMessage', '!a', 'item', message);
    handOver.give('edit', '!a', 'other', message);
    await Promise.resolve();
    handOver.giveAgain();
    expect([...sendMessage.mock.calls, ...edit.mock.calls]).toEqual([
      call,
      call,
      ['!a', 'other', message],
      ['!a', 'other', message],
    ]);
    expect(edit.mock.invocationCallOrder[1]).toBeGreaterThan(sendMessage.mock.invocationCallOrder[1] ?? 0);
  });

  it('writes nothing down on a shared computer, and nothing after it was cleared', () => {
    const shared = fakePlatform().session;
    new HandOver(fakeEngine().engine, shared, () => true).give('sendMessage', '!a', 'item', message);
    expect(shared.get('handed-over-1')).toBeNull();
    const personal = fakePlatform().session;
    const handOver = new HandOver(fakeEngine().engine, personal, () => false);
    handOver.give('sendMessage', '!a', 'item', message);
    expect(personal.get('handed-over-1')).not.toBeNull();
    handOver.clear();
    expect(personal.get('handed-over-1')).toBeNull();
  });
});
