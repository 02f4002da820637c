/**
 * Agreements: the only way in which people of two trust domains come into one room. What each side says about one
 * stands as state in the liaison room of the two, written by the bot of that side and so signed by its homeserver.
 * How first contact and consent work: docs/adr/0019.
 *
 * A statement is cumulative: the newest one tells everything, so a side that was away has missed nothing.
 *
 * People act through the API, under `/api/v1`:
 *
 * | request                         | body                 | answer                                            |
 * | ------------------------------- | -------------------- | ------------------------------------------------- |
 * | `GET /partners`                 | –                    | `partnersSchema`                                  |
 * | `GET /agreements`               | –                    | `agreementsSchema`, the newest first              |
 * | `POST /agreements`              | `newAgreementSchema` | 201, `agreementSchema`; waits for a second person |
 * | `POST /agreements/:id/consent`  | `consentSchema`      | `agreementSchema`                                 |
 * | `POST /agreements/:id/end`      | `endSchema`          | `agreementSchema`; nobody meets any more          |
 */
import { z } from 'zod';
import { roomIdSchema, serverNameSchema, slugSchema, userIdSchema } from './ids.ts';
import { memberRuleSchema } from './organisation.ts';
import { rosterKeySchema } from './roster.ts';

/** More people than this are no joint work but a merger; each is checked one by one at every sweep. */
const agreementPeopleMax = 500;

const title = z.string().trim().min(1).max(120);
const people = z.array(userIdSchema).max(agreementPeopleMax);
const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hex');

/** `<body>/<unit>`, `<body>`: a part of the other administration, which that administration resolves itself. */
const partnerUnit = z.string().regex(/^[a-z0-9-]+(\/[a-z0-9-]+)?$/, 'expected body or body/unit');

const agreementIdSchema = z.uuid();

/** What both sides agree to, to the byte: its digest is what people consent to. */
export const agreementTermsSchema = z.strictObject({
  id: agreementIdSchema,
  /** The trust domain that proposes, makes the room and leads it. */
  owner: slugSchema,
  partner: slugSchema,
  /** The room's name. */
  name: title,
  /** What the joint work is for; both sides' people read it. */
  purpose: z.string().trim().min(1).max(500),
  /** The room ends then by itself. */
  endsAt: z.iso.datetime(),
  /** The owner's people: exactly these, sorted. */
  ownerPeople: people.min(1),
  /** Whom the owner asks for by name, sorted. */
  partnerPeople: people,
  /** Which parts of the partner the owner asks for; who that is, the partner says when it accepts. */
  partnerUnits: z.array(partnerUnit).max(50),
});
export type AgreementTerms = z.infer<typeof agreementTermsSchema>;

/** What the owner says. */
const ownerStatementSchema = z.object({
  role: z.literal('owner'),
  terms: agreementTermsSchema,
  digest: digestSchema,
  /** null: there is no room yet. */
  room: roomIdSchema.nullable(),
  isOver: z.boolean(),
});
export type OwnerStatement = z.infer<typeof ownerStatementSchema>;

/** What the partner says. */
const partnerStatementSchema = z.object({
  role: z.literal('partner'),
  digest: digestSchema,
  /** The partner's people: exactly these, sorted. Empty if it declines. */
  people,
  isOver: z.boolean(),
});
export type PartnerStatement = z.infer<typeof partnerStatementSchema>;

export const statementSchema = z.discriminatedUnion('role', [ownerStatementSchema, partnerStatementSchema]);
export type Statement = z.infer<typeof statementSchema>;

/** The one type of state that both bots may set in a liaison room. */
export const statementType = 'de.landbote.agreement';

/** Whose statement about which agreement it is; its sender must be that domain's bot. */
export function statementKey(domain: string, agreement: string): string {
  return `${domain}/${agreement}`;
}

export const newAgreementSchema = z.strictObject({
  partner: slugSchema,
  name: title,
  purpose: agreementTermsSchema.shape.purpose,
  endsAt: z.iso.datetime(),
  /** Own people, by the rules that rooms have too; who that is now is agreed on, whoever comes later is not. */
  members: z.array(memberRuleSchema).min(1).max(100),
  partnerPeople: people.default([]),
  partnerUnits: agreementTermsSchema.shape.partnerUnits.default([]),
});
export type NewAgreement = z.infer<typeof newAgreementSchema>;

export const consentSchema = z.strictObject({
  /** Names exactly what the person has read. */
  digest: digestSchema,
  /** On the partner's side, at the first consent, if the owner asked for units: who of them it is. */
  members: z.array(memberRuleSchema).max(100).optional(),
});
export const endSchema = z.strictObject({ reason: z.string().trim().min(1).max(500) });
export const agreementParametersSchema = z.object({ id: agreementIdSchema });

/** `proposed`: waits for the second person of the owner; `sent`: for the partner; `received`, `half-accepted`, `accepted`: on the partner's side. */
const agreementPhaseSchema = z.enum([
  'proposed',
  'sent',
  'received',
  'half-accepted',
  'accepted',
  'open',
  'closing',
  'over',
]);
export type AgreementPhase = z.infer<typeof agreementPhaseSchema>;

export const agreementSchema = z.object({
  terms: agreementTermsSchema,
  digest: digestSchema,
  role: z.enum(['owner', 'partner']),
  phase: agreementPhaseSchema,
  /** Who of the own side has consented. */
  consents: z.array(z.object({ person: userIdSchema, at: z.iso.datetime() })),
  /** The partner's people as far as they are agreed on. */
  partnerPeople: people.nullable(),
  room: roomIdSchema.nullable(),
  /** Who ended it: a user id, the other trust domain, or `end-date`. */
  end: z.object({ by: z.string(), at: z.iso.datetime().nullable(), reason: z.string() }).nullable(),
});
export type AgreementView = z.infer<typeof agreementSchema>;
export const agreementsSchema = z.object({ agreements: z.array(agreementSchema) });

/** A homeserver's signing key, as two people read it to each other. */
const comparedKeySchema = z.object({ key: z.string(), fingerprint: z.string() });

export const partnersSchema = z.object({
  /** The own homeserver, for the other side to compare. */
  own: z.object({ server: serverNameSchema, keys: z.array(comparedKeySchema), rosterKey: rosterKeySchema }),
  partners: z.array(
    z.object({
      domain: slugSchema,
      name: z.string(),
      server: serverNameSchema,
      declared: comparedKeySchema.extend({ rosterKeys: z.array(rosterKeySchema) }),
      /** null: the homeserver could not be asked just now. */
      isKeyConfirmed: z.boolean().nullable(),
    }),
  ),
});
export type Partners = z.infer<typeof partnersSchema>;
