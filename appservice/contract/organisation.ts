/**
 * The declaration of one trust domain: its servers, bodies, units, people, posts and rooms, as it stands in files.
 * The schemas check the shape of one file each; what spans files (references, duplicates) is checked by the loader
 * in appservice/src/organisation, which reports all problems at once.
 */
import { z } from 'zod';
import { conversationRulesSchema } from './conversation-rules.ts';
import { personIdSchema, serverNameSchema, slugSchema } from './ids.ts';
import { nameSchema } from './name.ts';
import { rosterKeySchema } from './roster.ts';
import { roomClassesSchema, roomClassNameSchema } from './room-class.ts';

const title = nameSchema.max(120);

/** What a person may do in administration (docs/architecture.md, "Authority"). */
export const roleSchema = z.enum(['provisioner', 'approver', 'auditor', 'data-protection', 'moderator']);
export type Role = z.infer<typeof roleSchema>;

/** `<body>/<unit>`; also posts are named so. */
const unitReferenceSchema = z
  .string()
  .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'expected body/unit, such as hmdf/referat-3-4');

/** Where a role holds: `*` is the whole trust domain; otherwise a body, or a unit with the units below it. */
const scopeSchema = z.union([z.literal('*'), slugSchema, unitReferenceSchema]);

/** A role alone holds where docs/organisation.md says; a smaller or larger place is named. */
const grantSchema = z.union([roleSchema, z.strictObject({ role: roleSchema, scope: scopeSchema })]);
export type GrantDeclaration = z.infer<typeof grantSchema>;

/** One rule or name that says who belongs to a room. Units include the units below them. */
export const memberRuleSchema = z.union([
  z.strictObject({ body: slugSchema }),
  z.strictObject({ unit: unitReferenceSchema }),
  z.strictObject({ post: unitReferenceSchema }),
  z.strictObject({ person: personIdSchema }),
  /** Everybody within a place who has this function, such as all who lead something. */
  z.strictObject({ function: title, within: scopeSchema }),
  /** Everybody within a place who has this role, wherever it holds. */
  z.strictObject({ role: roleSchema, within: scopeSchema }),
]);
export type MemberRule = z.infer<typeof memberRuleSchema>;

export const roomDeclarationSchema = z.strictObject({
  id: slugSchema,
  /** The id under which the room was made, if it has another one now. */
  previously: slugSchema.optional(),
  class: roomClassNameSchema,
  name: title,
  topic: nameSchema.max(300).optional(),
  /** The unit below which the room stands in the tree; without it, directly below the body. */
  unit: slugSchema.optional(),
  members: z.array(memberRuleSchema).min(1),
  /** Who may send messages where the class says `named`. */
  posters: z.array(memberRuleSchema).default([]),
});
export type RoomDeclaration = z.infer<typeof roomDeclarationSchema>;

export interface UnitDeclaration {
  readonly id: string;
  /** The id under which its room was made, if it has another one now: the room stays the same. */
  readonly previously?: string | undefined;
  readonly name: string;
  readonly units: readonly UnitDeclaration[];
}

/** Abteilung, Referat, Dezernat, Revier … Each unit gets a room of class `einheit`; a unit with units below it also a space. */
const unitSchema: z.ZodType<UnitDeclaration> = z.strictObject({
  id: slugSchema,
  previously: slugSchema.optional(),
  name: title,
  units: z.lazy(() => z.array(unitSchema)).default([]),
});

/** A role that people hold in turn: duty desk, press office. */
export const postSchema = z.strictObject({
  id: slugSchema,
  name: title,
  unit: slugSchema.optional(),
  holders: z.array(personIdSchema).default([]),
});

export const personSchema = z.strictObject({
  id: personIdSchema,
  name: title,
  /** The unit within the body; without it the person belongs to the body itself. */
  unit: slugSchema.optional(),
  /** What the person does, as words: Referentin, Leitung, Streife. */
  function: title.optional(),
  roles: z.array(grantSchema).default([]),
  /** One of the trust domain's `conversations.roles`: whom they may write to. */
  conversationRole: slugSchema.optional(),
});
export type PersonDeclaration = z.infer<typeof personSchema>;

/** A ministry, office or police authority, with everything below it: one file each. */
export const bodyFileSchema = z
  .strictObject({
    id: slugSchema,
    /** The id under which the body's rooms were made, if it has another one now. */
    previously: slugSchema.optional(),
    /** HMdF */
    short: nameSchema.max(24),
    /** Hessisches Ministerium der Finanzen */
    name: title,
    /** Finanzen: stands behind the short name in the tree. */
    label: title.optional(),
    /** The body that this one is subordinate to. */
    partOf: slugSchema.optional(),
    /** The homeserver on which the body's people and rooms live. */
    server: serverNameSchema,
    units: z.array(unitSchema).default([]),
    posts: z.array(postSchema).default([]),
    people: z.array(personSchema).default([]),
    /** Who may write into the body's announcement room (class `dienststelle`). */
    announcers: z.array(memberRuleSchema).min(1),
    rooms: z.array(roomDeclarationSchema).default([]),
  })
  .meta({ id: 'Body' });
export type BodyDeclaration = z.infer<typeof bodyFileSchema>;

export const homeserverDeclarationSchema = z.strictObject({
  name: serverNameSchema,
  operator: title,
  /** Where data lie, in words that follow "Die Daten liegen": "auf dem Landesserver der HZD". */
  location: title,
});

/**
 * Another trust domain with which agreements may be made (docs/adr/0021-joint-rooms-by-agreement.md). Nothing opens by declaring one but the room in
 * which the two appservices exchange agreements.
 */
const partnerDeclarationSchema = z.strictObject({
  /** The partner's trust domain: polizei. */
  domain: slugSchema,
  /** Polizei Hessen */
  name: title,
  server: serverNameSchema,
  /** Name of the key with which the partner's homeserver signs. */
  key: z.string().regex(/^ed25519:[A-Za-z0-9_]{1,60}$/, 'expected the name of a signing key, such as ed25519:a_x3Fc'),
  /** SHA-256, in hex, of that key; compared by two people out of band. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hex, as "landbote -- partner" shows it'),
  /**
   * With which keys the partner's appservice signs who belongs to a joint room; compared with the fingerprint. Two while
   * the partner changes its key.
   */
  rosterKeys: z.array(rosterKeySchema).min(1).max(4),
  /** The own homeserver that speaks with the partner, and whose people may take part. */
  through: serverNameSchema,
});
export type PartnerDeclaration = z.infer<typeof partnerDeclarationSchema>;

/** `domain.yaml`: the trust domain itself. */
export const trustDomainFileSchema = z.strictObject({
  id: slugSchema,
  /** Land Hessen: the chip in a room's header says "Nur Land Hessen". */
  name: title,
  theme: z.enum(['land', 'polizei']),
  servers: z.array(homeserverDeclarationSchema).min(1),
  /** Without them everybody may write to everybody of the trust domain. */
  conversations: conversationRulesSchema.optional(),
  /** None unless told: then nothing passes to any other domain. */
  partners: z.array(partnerDeclarationSchema).max(20).optional(),
});
export type TrustDomainDeclaration = z.infer<typeof trustDomainFileSchema>;

/** The whole declaration of one trust domain, loaded and checked. Canonical JSON of it gives a revision its digest. */
export const organisationSchema = z
  .strictObject({
    domain: trustDomainFileSchema,
    roomClasses: roomClassesSchema,
    bodies: z.array(bodyFileSchema),
  })
  .meta({ id: 'Organisation' });
export type Organisation = z.infer<typeof organisationSchema>;
