/** Agreements as rows of the database. */
import { canonicalize } from 'json-canonicalize';
import { z } from 'zod';
import { agreementTermsSchema, statementSchema } from '#contract/agreement.ts';
import { roomIdSchema, userIdSchema } from '#contract/ids.ts';
import type { AgreementTable } from '#appservice/store/schema.ts';
import type { Agreement } from './agreement.ts';

const peopleSchema = z.array(userIdSchema);
const consentsSchema = z.array(z.object({ person: userIdSchema, at: z.int() }));
const endSchema = z.object({ by: userIdSchema, at: z.int(), reason: z.string() });

/** Throws if somebody else has written the row. */
export function agreementOf(row: AgreementTable): Agreement {
  const known = {
    terms: agreementTermsSchema.parse(JSON.parse(row.terms)),
    digest: row.digest,
    consents: consentsSchema.parse(JSON.parse(row.consents)),
    end: parseNullable(endSchema, row.ended),
    closedAt: row.closed_at,
  };
  const heard = parseNullable(statementSchema, row.heard);
  if (row.role === 'owner') {
    if (heard?.role === 'owner') throw new Error(`The agreement ${row.id} has heard its own words.`);
    return { role: 'owner', ...known, heard, room: roomIdSchema.nullable().parse(row.room_id) };
  }
  if (heard?.role !== 'owner') throw new Error(`The agreement ${row.id} has lost what was proposed.`);
  return { role: 'partner', ...known, heard, people: parseNullable(peopleSchema, row.people) };
}

function parseNullable<Value>(schema: z.ZodType<Value>, text: string | null): Value | null {
  return text === null ? null : schema.parse(JSON.parse(text));
}

/** @param createdAt milliseconds since 1970 */
export function rowOf(agreement: Agreement, createdAt: number): AgreementTable {
  const { role, terms, digest, consents, end, closedAt, heard } = agreement;
  return {
    id: terms.id,
    role,
    terms: canonicalize(terms),
    digest,
    consents: canonicalize(consents),
    people: role === 'partner' && agreement.people !== null ? canonicalize(agreement.people) : null,
    heard: heard === null ? null : canonicalize(heard),
    ended: end === null ? null : canonicalize(end),
    room_id: role === 'owner' ? agreement.room : null,
    closed_at: closedAt,
    created_at: createdAt,
  };
}
