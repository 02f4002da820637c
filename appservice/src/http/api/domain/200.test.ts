import { expect, test } from 'vitest';
import { domainSchema } from '#contract/api.ts';
import { signIn, startTestApi } from '../../test-support/test-api.ts';

test('tells where data lie, the bodies and what each room class means', async () => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}/api/v1/domain`, { headers: await signIn(url) });
  const domain = domainSchema.parse(await response.json());
  expect(domain.servers).toEqual([
    { name: 'land.hessen.test', operator: 'HZD', location: 'auf dem Landesserver der HZD' },
    { name: 'schule.hessen.test', operator: 'HZD', location: 'auf dem Schulserver der HZD' },
  ]);
  expect(domain.bodies[0]).toEqual({
    id: 'hmdf',
    short: 'HMdF',
    name: 'Hessisches Ministerium der Finanzen',
    label: null,
    server: 'land.hessen.test',
  });
  expect(domain.roomClasses.map((roomClass) => roomClass.name)).toContain('direkt');
  expect(new Set(domain.roomClasses.map(({ receipts }) => receipts)), 'where the class says nothing').toEqual(
    new Set(['private']),
  );
});
