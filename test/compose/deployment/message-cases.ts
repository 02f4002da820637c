import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '#test/harness/wait-until.ts';
import { signIn, type Person } from './person.ts';
import { ask, fetchThrough } from './proxy-client.ts';
import type { RunningDeployment } from './running.ts';

export function describeMessages(deployment: () => RunningDeployment): void {
  describe('two people of two ministries, through the proxy', () => {
    let zeynep: Person;
    let leonie: Person;
    let roomId: string;

    async function arrive(localpart: string): Promise<Person> {
      const { forPeople, passwords } = deployment();
      const password = passwords.get(localpart) ?? '';
      return signIn(`https://${forPeople.serverName}`, fetchThrough(forPeople), localpart, password);
    }

    async function expectEncryptedDelivery(body: string): Promise<void> {
      const [received] = await Promise.all([leonie.reads(roomId, body), zeynep.send(roomId, body)]);
      expect(received.wireType).toBe('m.room.encrypted');
    }

    /** The first start makes every declared room; a chat is quick once that is done. */
    async function untilRoomsExist(): Promise<void> {
      const program = "fetch('http://127.0.0.1:8012/ready').then((answer) => process.exit(answer.ok ? 0 : 1))";
      const probe = async (): Promise<true | undefined> => {
        const { exitCode } = await deployment().container('appservice').run(['node', '-e', program]);
        return exitCode === 0 ? true : undefined;
      };
      await waitUntil('the first rooms', probe, 120_000);
    }

    beforeAll(async () => {
      await untilRoomsExist();
      zeynep = await arrive('zeynep.kaplan');
      leonie = await arrive('leonie.harms');
    }, 180_000);

    afterAll(async () => {
      await zeynep.signOut();
      await leonie.signOut();
    });

    test('a message is end-to-end encrypted on its way and readable at its destination', async () => {
      roomId = await zeynep.startDirectChat(leonie.userId);
      await Promise.all([zeynep.seesRoomWith(roomId, leonie.userId), leonie.seesRoomWith(roomId, zeynep.userId)]);
      await expectEncryptedDelivery('Der Entwurf liegt vor.');
    });

    test('asking for somebody of another homeserver goes to the egress gateway', async () => {
      const { forPeople, gateway } = deployment();
      const answer = await ask(forPeople, {
        method: 'POST',
        path: '/_matrix/client/v3/keys/query',
        headers: { authorization: `Bearer ${zeynep.accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ timeout: 1000, device_keys: { '@rainer.faber:schule.hessen.test': [] } }),
      });
      expect(answer.status).toBe(200);
      expect(gateway.targets.some((target) => target.startsWith('schule.hessen.test:'))).toBe(true);
    });

    test('with the appservice stopped they go on talking', async () => {
      await deployment().container('appservice').stop();
      try {
        expect((await ask(deployment().forPeople, { path: '/api/v1/domain' })).status).toBe(502);
        await expectEncryptedDelivery('Wir schreiben trotzdem.');
      } finally {
        await deployment().startAgain('appservice');
      }
    });
  });
}
