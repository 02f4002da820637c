/** The engine: the only part of the client that speaks Matrix. One session, used by any number of pages. */
import type { ClientConfig } from '#contract/client-config.ts';
import { asResult } from './failures.ts';
import { onceItSucceeds } from './once-it-succeeds.ts';
import type { Engine, Failure, Update } from './protocol.ts';
import { SessionHome } from './session/session-home.ts';
import type { SessionCommands } from './session/session-commands.ts';
import { sessionSeat } from './session/session-seat.ts';
import type { RunningSession } from './session/running-session.ts';
import { carryOut } from './worker/carry-out.ts';
import { commands, type Command } from './worker/messages.ts';

/** Without a session there is nothing to command: a page that is late by a moment gets a failure, not an exception. */
const noSession: Failure = { kind: 'unexpected', reference: 'no-session' };

export interface EngineHost {
  /** The engine as one page uses it. */
  newSeat(): Engine;
  /** The network is back. */
  wake(): void;
}

const withoutSession: ReadonlySet<Command> = new Set(['configuration', 'signIn', 'restore', 'signOut', 'setWatched']);
const sessionCommands = commands.filter((command) => !withoutSession.has(command));

/**
 * @param loadConfiguration called until it has succeeded once
 * @param isOnDisk false: nothing is kept between two starts (an engine without a browser)
 */
export function createEngine(loadConfiguration: () => Promise<ClientConfig>, isOnDisk: boolean): EngineHost {
  const configuration = onceItSucceeds(loadConfiguration);
  const home = new SessionHome(configuration, isOnDisk);
  return {
    newSeat: () => newSeat(home, configuration),
    wake: () => home.running?.wake(),
  };
}

function newSeat(home: SessionHome, configuration: () => Promise<ClientConfig>): Engine {
  const seatId = Symbol('seat');
  const listeners = new Set<(update: Update) => void>();
  const emit = (update: Update): void => listeners.forEach((listener) => listener(update));
  let seated: { session: RunningSession; commands: SessionCommands } | null = null;

  /** The seat in the running session; made anew after another sign-in. */
  function seat(): SessionCommands | null {
    const session = home.running;
    if (session === null) return null;
    if (seated?.session !== session) seated = { session, commands: sessionSeat(session, emit) };
    return seated.commands;
  }

  /** A page that paints its last state commands before the session is taken up again: it is taken up first. */
  function callSeat(command: Command, args: readonly unknown[]): unknown {
    const commanded = seat();
    return commanded ? carryOut(commanded, command, args) : callWhenRestored(command, args);
  }

  async function callWhenRestored(command: Command, args: readonly unknown[]): Promise<unknown> {
    const restored = await asResult(() => home.restore());
    const commanded = seat();
    if (commanded) return carryOut(commanded, command, args);
    return { ok: false, failure: restored.ok ? noSession : restored.failure };
  }

  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made from the list of exactly these commands
  const inSession = Object.fromEntries(
    sessionCommands.map((command) => [command, (...args: unknown[]) => callSeat(command, args)]),
  ) as unknown as SessionCommands;

  return {
    ...inSession,
    subscribe(listener) {
      listeners.add(listener);
      home.subscribe(emit);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) home.unsubscribe(emit);
      };
    },
    configuration: () => asResult(configuration),
    signIn: (credentials) => asResult(() => home.signIn(credentials)),
    restore: () =>
      asResult(async () => {
        const identity = await home.restore();
        for (const update of home.running?.latest.all() ?? []) emit(update);
        return identity;
      }),
    signOut: () => home.signOut(),
    setWatched: (isWatched) => home.setWatched(seatId, isWatched),
  };
}
