import { driftSchema } from '#contract/runs.ts';
import type { ApiSession } from '../api-session.ts';
import type { Call } from '../arguments.ts';

/** Lists what differs and weakens nothing, or has it made as declared. */
export async function drift(session: ApiSession, { isRepairing }: Call, write: (line: string) => void): Promise<void> {
  if (isRepairing) {
    await session.send('/drift/repair', { method: 'POST' });
    write('Die Abweichungen werden behoben.');
    return;
  }
  const { differences } = await session.read('/drift', driftSchema);
  if (differences.length === 0) write('Nichts weicht ab.');
  for (const { address, kind, found, declared, remedy } of differences) {
    write(`${address}: ${kind}\n  gefunden: ${JSON.stringify(found)}\n  erklärt:  ${JSON.stringify(declared)}
  zu tun:   ${remedy}`);
  }
}
