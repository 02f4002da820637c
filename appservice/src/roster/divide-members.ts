import type { UserId } from '#contract/ids.ts';

/** An event has at most 65,536 bytes, with its hashes, signatures and references. */
const partBytesMax = 40_000;
/** Quotes and comma, with what escapes them: the list stands as text in JSON. */
const bytesAround = 5;

/** Divides members into parts of which each fits into one state event. At least one part. */
export function divideMembers(members: readonly UserId[]): readonly UserId[][] {
  const parts: UserId[][] = [[]];
  let bytes = 0;
  for (const member of members) {
    const more = member.length + bytesAround;
    if (bytes + more > partBytesMax) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(member);
    bytes += more;
  }
  return parts;
}
