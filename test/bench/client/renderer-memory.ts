/** Memory of a browser's renderer processes, as Linux accounts for it. */
import { readdir, readFile } from 'node:fs/promises';

interface Process {
  readonly id: string;
  readonly parent: string;
  readonly command: string;
}

/**
 * Proportional set size of all renderers of the browser with this profile, in MB: memory shared with other processes
 * counts by its share.
 */
export async function rendererMegabytes(profile: string): Promise<number> {
  const processes = await runningProcesses();
  const roots = processes.filter(({ command }) => command.includes(`--user-data-dir=${profile}`));
  const family = new Set(roots.map(({ id }) => id));
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { id, parent } of processes) if (family.has(parent)) family.add(id);
  }
  const renderers = processes.filter(({ id, command }) => family.has(id) && command.includes('--type=renderer'));
  const sizes = await Promise.all(renderers.map(({ id }) => proportionalKilobytes(id)));
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

async function runningProcesses(): Promise<readonly Process[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(ids.map((id) => readProcess(id).catch(() => null)));
  return found.filter((process) => process !== null);
}

async function readProcess(id: string): Promise<Process> {
  const [status, command] = await Promise.all([read(id, 'status'), read(id, 'cmdline')]);
  return { id, parent: /^PPid:\s+(\d+)/m.exec(status)?.[1] ?? '', command: command.replaceAll('\0', ' ') };
}

/** A process that ended meanwhile takes nothing. */
async function proportionalKilobytes(id: string): Promise<number> {
  const rollup = await read(id, 'smaps_rollup').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
}

function read(id: string, file: string): Promise<string> {
  return readFile(`/proc/${id}/${file}`, 'utf8');
}
