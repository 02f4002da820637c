import { describe, expect, it } from 'vitest';
import type { ToEngine, ToPage } from './messages.ts';
import { remoteEngine } from './remote-engine.ts';

function aChannel() {
  const posted: ToEngine[] = [];
  let listener: (message: ToPage) => void = () => undefined;
  const channel = {
    post: (message: ToEngine) => void posted.push(message),
    listen: (listening: (message: ToPage) => void) => void (listener = listening),
  };
  return { engine: remoteEngine(channel), posted, receive: (message: ToPage) => listener(message) };
}

const restarted: ToPage = { type: 'update', update: { type: 'restarted' } };

describe('remoteEngine', () => {
  it('asks the next engine again for what a page begins with', async () => {
    const { engine, posted, receive } = aChannel();
    const configuration = engine.configuration();
    receive(restarted);
    expect(posted).toEqual([posted[0], posted[0]]);
    receive({ type: 'answer', id: 1, value: 'of the next engine' });
    expect(await configuration).toBe('of the next engine');
  });

  it('says of everything else that nobody has answered', async () => {
    const { engine, posted, receive } = aChannel();
    const left = engine.leaveRoom('!a');
    receive(restarted);
    expect(await left).toEqual({ ok: false, failure: { kind: 'unreachable' } });
    expect(posted).toHaveLength(1);
  });
});
