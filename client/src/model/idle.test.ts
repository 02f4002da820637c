import { describe, expect, it, vi } from 'vitest';
import { Idle } from './idle.svelte.ts';
import { fakeClock, fakePresence } from './testing.ts';

const minuteMs = 60_000;

function aWatch() {
  const clock = fakeClock();
  const onIdle = vi.fn();
  const presence = fakePresence();
  const idle = new Idle(clock, presence, onIdle);
  const end = idle.watch();
  return { idle, clock, presence, onIdle, end };
}

describe('Idle', () => {
  it('warns a minute before it ends the session after ten minutes without input', () => {
    const { idle, clock, onIdle } = aWatch();
    clock.pass(9 * minuteMs);
    expect([idle.isEnding, onIdle.mock.calls.length]).toEqual([true, 0]);
    clock.pass(minuteMs);
    expect(onIdle).toHaveBeenCalledOnce();
  });

  it('begins anew with every input', () => {
    const { idle, clock, onIdle } = aWatch();
    clock.pass(9.5 * minuteMs);
    idle.touch();
    clock.pass(5 * minuteMs);
    expect([idle.isEnding, onIdle.mock.calls.length]).toEqual([false, 0]);
  });

  it('begins anew when somebody is there in another tab', () => {
    const { clock, presence, onIdle } = aWatch();
    clock.pass(9.5 * minuteMs);
    presence.announce();
    clock.pass(5 * minuteMs);
    expect(onIdle).not.toHaveBeenCalled();
  });

  it('ends nothing any more once nobody is signed in', () => {
    const { clock, end, onIdle } = aWatch();
    end();
    clock.pass(20 * minuteMs);
    expect(onIdle).not.toHaveBeenCalled();
  });
});
