import { readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second (`USER_HZ`, proc(5)). */
const ticksPerSecond = 100;

/** What these processes have taken of the processors so far: time that other work of the machine does not change much. */
export async function processorSeconds(processIds: readonly number[]): Promise<number> {
  const each = await Promise.all(processIds.map(secondsOf));
  return each.reduce((sum, seconds) => sum + seconds, 0);
}

/** The name in parentheses may hold blanks; user and system time are the 12th and 13th field after it. */
async function secondsOf(processId: number): Promise<number> {
  const text = await readFile(`/proc/${processId}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
