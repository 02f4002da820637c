import { describe, expect, it, vi } from 'vitest';
import { Idle } from './idle.svelte.ts';
import { fakeClock } from './testing.ts';

const minuteMs = 60_000;

function aWatch() {
  const clock = fakeClock();
  const onIdle = vi.fn();
  const idle = new Idle(clock, onIdle);
  idle.touch();
  return { idle, clock, onIdle };
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
});
