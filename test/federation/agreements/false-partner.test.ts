/** A partner whose homeserver signs with another key than the one that people compared. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partnersSchema } from '#contract/agreement.ts';
import { createSigningKey } from '#test/harness/federation/signing-key.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { consent, propose } from './agreeing.ts';
import { startTwoDomains, type TwoDomains } from './two-domains.ts';
import { firstOfficer, landApprover, police, proposer } from './two-organisations.ts';

let domains: TwoDomains;
beforeAll(async () => {
  domains = await startTwoDomains({ actualKeys: new Map([[police, { ...createSigningKey(), id: 'ed25519:other' }]]) });
}, 400_000);
afterAll(() => domains.stop());

test('it is told nothing, and the audit trail says why', async () => {
  const proposed = await propose(domains);
  await consent(domains, landApprover, proposed);
  const api = await domains.api(proposer);
  const refused = await waitUntil('the refusal in the audit trail', async () => {
    const { body } = await api.request('GET', '/audit?limit=5000');
    const text = JSON.stringify(body);
    return text.includes('partner.refused') ? text : undefined;
  });
  expect(refused).toContain('partner/polizei');
  const { partners } = partnersSchema.parse((await api.request('GET', '/partners')).body);
  expect(partners.map(({ isKeyConfirmed }) => isKeyConfirmed)).toEqual([false]);
  const seen = await (await domains.api(firstOfficer)).request('GET', '/agreements');
  expect(seen.body).toEqual({ agreements: [] });
});
