/**
 * Room classes: what a room may do is decided once, at its birth, by its class (docs/wall.md, layer 0).
 */
import { z } from 'zod';

/** The classes in the order of docs/architecture.md. `verbund`, `liaison` and `extern` are reserved for agreements and guests. */
export const roomClassNameSchema = z.enum([
  'dienststelle',
  'einheit',
  'gemeinsam',
  'gruppe',
  'direkt',
  'lage',
  'verteiler',
  'verbund',
  'liaison',
  'extern',
]);
export type RoomClassName = z.infer<typeof roomClassNameSchema>;

/** `private`: only the person's own devices know what was read. `public`: every member of the room does. */
export const receiptsSchema = z.enum(['private', 'public']);
export type Receipts = z.infer<typeof receiptsSchema>;

/** A class as declared in `room-classes.yaml`. */
export const roomClassSchema = z.strictObject({
  /** What people call it, for example "Gemeinsamer Raum". */
  title: z.string().min(1).max(80),
  /** One sentence for the room's details: what the class is for. */
  purpose: z.string().min(1).max(300),
  /**
   * `own`: `m.federate: false`, unless the members' bodies live on several servers of the trust domain; then the
   * server ACL lists exactly those. `agreement`: federates as an agreement of two trust domains says.
   */
  federation: z.enum(['own', 'agreement']),
  /** `shared` and `world_readable` are left out on purpose: they would hand history to people who come later. */
  historyVisibility: z.enum(['invited', 'joined']),
  /** Who may send messages: every member, or only those the room names. */
  posting: z.enum(['everyone', 'named']),
  /** Days after which a message is deleted. null: kept until the room ends. */
  retentionDays: z.int().min(1).max(3650).nullable(),
  /** Whether the other members are told what somebody has read. Left out: `private`, they are not. */
  receipts: receiptsSchema.optional(),
});
export type RoomClass = z.infer<typeof roomClassSchema>;

export const roomClassesSchema = z.record(roomClassNameSchema, roomClassSchema);
export type RoomClasses = z.infer<typeof roomClassesSchema>;
