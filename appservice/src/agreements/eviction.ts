import { z } from 'zod';
import type { ServerName } from '#contract/ids.ts';
import type { StateEvent } from '#appservice/matrix/ports.ts';

const memberSchema = z.object({ membership: z.string() });
const aclSchema = z.object({ allow: z.array(z.string()) });

/** Whether nobody of another server is in the room or invited, and its ACL lets no other server in. */
export function isEvicted(state: readonly StateEvent[], own: ServerName): boolean {
  const isOutside = (userId: string): boolean => userId.slice(userId.indexOf(':') + 1) !== own;
  const isThere = ({ content }: StateEvent): boolean =>
    ['invite', 'join', 'knock'].includes(memberSchema.safeParse(content).data?.membership ?? '');
  const members = state.filter(({ type }) => type === 'm.room.member');
  const acl = aclSchema.safeParse(state.find(({ type }) => type === 'm.room.server_acl')?.content).data;
  return (
    acl !== undefined &&
    acl.allow.every((server) => server === own) &&
    !members.some((member) => isOutside(member.state_key) && isThere(member))
  );
}
