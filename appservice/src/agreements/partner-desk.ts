/** With whom agreements can be made, and whether their keys are those that people have compared. */
import type { Partners } from '#contract/agreement.ts';
import type { ServerName } from '#contract/ids.ts';
import type { Organisation, PartnerDeclaration } from '#contract/organisation.ts';
import type { SigningKeyReader } from '#appservice/matrix/ports.ts';
import { partnersOf } from '../reconciler/agreed-rooms.ts';
import { fingerprintOf, isDeclaredKey } from './fingerprint.ts';

export interface PartnerDesk {
  /** Throws HomeserverError if the own homeserver does not answer. */
  read(): Promise<Partners>;
}

export interface PartnerDeskOptions {
  readonly homeserver: SigningKeyReader;
  readonly serverName: ServerName;
  /** With which key the own rosters are signed: the public half, in unpadded base64. */
  readonly rosterKey: string;
  /** The declaration in force at this moment. */
  readonly organisation: () => Organisation;
}

export function createPartnerDesk({
  homeserver,
  serverName,
  rosterKey,
  organisation,
}: PartnerDeskOptions): PartnerDesk {
  async function describe(partner: PartnerDeclaration): Promise<Partners['partners'][number]> {
    const { domain, name, server, key, fingerprint, rosterKeys } = partner;
    const keys = await homeserver.signingKeysOf(server, key).catch(() => []);
    const isKeyConfirmed = keys.length === 0 ? null : isDeclaredKey(keys, partner);
    return { domain, name, server, declared: { key, fingerprint, rosterKeys }, isKeyConfirmed };
  }
  return {
    async read() {
      const own = await homeserver.ownSigningKeys();
      const keys = own.map(({ id, key }) => ({ key: id, fingerprint: fingerprintOf(key) }));
      const partners = await Promise.all(partnersOf(organisation(), serverName).map(describe));
      return { own: { server: serverName, keys, rosterKey }, partners };
    },
  };
}
