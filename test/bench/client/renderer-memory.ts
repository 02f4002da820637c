/** Memory of a browser's renderer processes, as Linux accounts for it. */
import { readdir, readFile } from 'node:fs/promises';

interface Process {
  readonly id: string;
  readonly parent: string;
  readonly command: string;
}

export interface RendererMemory {
  /** Proportional set size: memory shared with other processes counts by its share. */
  readonly megabytes: number;
  /** Of it what stands in no file: without the browser's own program, of which the more counts the more of it has run. */
  readonly anonymousMegabytes: number;
}

/** Of all renderers of the browser with this profile together. */
export async function rendererMemory(profile: string): Promise<RendererMemory> {
  const processes = await runningProcesses();
  const roots = processes.filter(({ command }) => command.includes(`--user-data-dir=${profile}`));
  const family = new Set(roots.map(({ id }) => id));
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { id, parent } of processes) if (family.has(parent)) family.add(id);
  }
  const renderers = processes.filter(({ id, command }) => family.has(id) && command.includes('--type=renderer'));
  const rollups = await Promise.all(renderers.map(({ id }) => rollupOf(id)));
  return { megabytes: megabytesOf(rollups, 'Pss'), anonymousMegabytes: megabytesOf(rollups, 'Pss_Anon') };
}

function megabytesOf(rollups: readonly string[], field: 'Pss' | 'Pss_Anon'): number {
  const kilobytes = rollups.map((rollup) =>
    Number(new RegExp(String.raw`^${field}:\s+(\d+) kB`, 'm').exec(rollup)?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, size) => sum + size, 0) / 1024;
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
function rollupOf(id: string): Promise<string> {
  return read(id, 'smaps_rollup').catch(() => '');
}

function read(id: string, file: string): Promise<string> {
  return readFile(`/proc/${id}/${file}`, 'utf8');
}
