/** A recovery code in the groups in which people read, note and compare it. */
export function groupsOf(code: string): readonly string[] {
  return code.replace(/\s/g, '').match(/.{1,4}/g) ?? [];
}
