/**
 * Branded Matrix identifiers and our own. Every string that comes from outside becomes one of these at the
 * edge, by its schema; from there on the type says that it was checked.
 *
 * Grammar: Matrix specification, appendices, "Identifier grammar".
 */
import { z } from 'zod';

/** A server name without a port. Names carry no port here, because server ACLs ignore it (docs/wall.md). */
export const serverNameSchema = z
  .string()
  .regex(
    /^(?=.{1,230}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
    'expected a lower-case host name without a port, such as land.hessen.test',
  )
  .brand<'ServerName'>();
export type ServerName = z.infer<typeof serverNameSchema>;

/** Bytes, which in this grammar are characters (Matrix specification, appendices, "User Identifiers"). */
export const userIdLengthMax = 255;

/** `@localpart:server`. */
export const userIdSchema = z
  .string()
  .max(userIdLengthMax)
  .regex(/^@[a-z0-9._=/+-]+:[a-z0-9.-]+$/, 'expected a Matrix user id such as @vorname.nachname:land.hessen.test')
  .brand<'UserId'>();
export type UserId = z.infer<typeof userIdSchema>;

/** `!opaque`, from room version 12 on without a server part: never derive a room's owner from it. */
export const roomIdSchema = z
  .string()
  .max(255)
  .regex(/^![^\s:]+(:[a-z0-9.-]+)?$/, 'expected a Matrix room id')
  .brand<'RoomId'>();
export type RoomId = z.infer<typeof roomIdSchema>;

/** `$opaque`. */
export const eventIdSchema = z
  .string()
  .max(255)
  .regex(/^\$\S+$/, 'expected a Matrix event id')
  .brand<'EventId'>();
export type EventId = z.infer<typeof eventIdSchema>;

/** The id of a body, unit, post or room in the declaration: lower case, digits and hyphens. */
export const slugSchema = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case letters, digits and single hyphens');

/** A person's id, which becomes the local part of the Matrix user id. */
export const personIdSchema = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+([._-][a-z0-9]+)*$/, 'expected lower-case letters and digits, parted by . _ or -');

/** The server part of a user id: what follows the first colon. */
export function serverNameOf(userId: UserId): ServerName {
  return serverNameSchema.parse(userId.slice(userId.indexOf(':') + 1));
}

/** The local part of a user id: what stands between `@` and the first colon. */
export function localpartOf(userId: UserId): string {
  return userId.slice(1, userId.indexOf(':'));
}

/** Builds a user id from its two parts. Throws if the result is none. */
export function userIdOf(localpart: string, serverName: ServerName): UserId {
  return userIdSchema.parse(`@${localpart}:${serverName}`);
}

/** The provisioning bot of a homeserver: everywhere the same name, so that each side knows the other's. */
export function botOf(serverName: ServerName): UserId {
  return userIdOf('landbote', serverName);
}
