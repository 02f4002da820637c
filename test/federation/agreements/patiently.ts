import { setTimeout as pause } from 'node:timers/promises';
import { waitUntil } from '#test/harness/wait-until.ts';
import type { ApiSession } from '../../integration/api-session.ts';

const askEveryMs = 500;
const tooManyRequests = 429;

/**
 * Asks the appservice again and again until `find` finds something in the answer, and gives that. The API lets one person
 * ask so often a minute and no more; whoever has asked too often goes on asking.
 */
export function askPatiently<Found>(
  what: string,
  api: ApiSession,
  path: string,
  find: (body: unknown) => Found | undefined,
  limitMs?: number,
): Promise<Found> {
  const ask = async (): Promise<Found | undefined> => {
    await pause(askEveryMs);
    const { status, body } = await api.request('GET', path);
    return status === tooManyRequests ? undefined : find(body);
  };
  return waitUntil(what, ask, limitMs);
}
