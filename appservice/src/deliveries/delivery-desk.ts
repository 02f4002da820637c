/**
 * What auditors can ask of the delivery ledger. Each question leaves a row in the audit trail; a verification leaves the
 * ledger's head there, so that whoever could rewrite the ledger would have to rewrite the signed trail as well.
 */
import type { Kysely } from 'kysely';
import type { Deliveries, DeliveriesQuery, DeliveriesVerification } from '#contract/deliveries.ts';
import type { UserId } from '#contract/ids.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { DeliveryLedger } from '#appservice/matrix/delivery-ledger.ts';
import type { Database } from '#appservice/store/schema.ts';

export interface DeliveryDesk {
  read(query: DeliveriesQuery, reader: UserId): Promise<Deliveries>;
  verify(reader: UserId): Promise<DeliveriesVerification>;
}

export interface DeliveryDeskOptions {
  readonly ledger: DeliveryLedger;
  readonly database: Kysely<Database>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createDeliveryDesk({ ledger, database, now }: DeliveryDeskOptions): DeliveryDesk {
  return {
    async read(query, reader) {
      const answer = await ledger.read(query);
      const { room, ...detail } = query;
      const row = { at: now(), actor: reader, action: 'deliveries.read' as const, subject: room };
      await database
        .transaction()
        .execute((transaction) => appendAudit(transaction, { ...row, detail: { ...detail, count: answer.count } }));
      return answer;
    },
    async verify(reader) {
      const verification = await ledger.verify();
      const row = { at: now(), actor: reader, action: 'deliveries.verified' as const, subject: 'deliveries' };
      await database
        .transaction()
        .execute((transaction) => appendAudit(transaction, { ...row, detail: { ...verification } }));
      return verification;
    },
  };
}
