import type { ConversationRules, ReachedRole } from '#contract/conversation-rules.ts';
import type { Checker } from './checker.ts';
import type { Path } from './source.ts';

/** Every role that a rule names must be declared: a name that is written wrongly would reach nobody, and nobody would notice. */
export function checkConversations({ otherwise, roles }: ConversationRules, checker: Checker): void {
  requireRole(otherwise, ['conversations', 'otherwise']);
  for (const [role, reach] of Object.entries(roles)) {
    for (const [className, reached] of Object.entries(reach)) {
      for (const [index, entry] of reached.entries()) {
        requireRole(nameOf(entry), ['conversations', 'roles', role, className, index]);
      }
    }
  }

  function requireRole(name: string, path: Path): void {
    if (Object.hasOwn(roles, name)) return;
    const remedy = `Use one of ${Object.keys(roles).join(', ')}, or declare the role.`;
    checker.report(path, `There is no conversation role ${name}.`, remedy);
  }
}

function nameOf(entry: ReachedRole): string {
  return typeof entry === 'string' ? entry : entry.role;
}
