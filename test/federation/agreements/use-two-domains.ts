import { afterAll, beforeAll } from 'vitest';
import { untilKeysAreConfirmed } from './agreeing.ts';
import { startTwoDomains, type TwoDomains } from './two-domains.ts';
import { firstOfficer, landApprover } from './two-organisations.ts';

const startMsMax = 400_000;

/** Two domains that have found each other's keys as declared. Call it at the top of a test file; the answer is for its tests. */
export function useTwoDomains(): () => TwoDomains {
  let domains: TwoDomains | undefined;
  beforeAll(async () => {
    domains = await startTwoDomains();
    await untilKeysAreConfirmed(domains, [landApprover, firstOfficer]);
  }, startMsMax);
  afterAll(() => domains?.stop());
  return () => {
    if (domains === undefined) throw new Error('the two domains are there from the first test on');
    return domains;
  };
}
