/** The administration's command line in a process of its own, as people use it. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../appservice/cli/main.ts', import.meta.url));

const patience = /^Der Matrix-Server bittet um Geduld: .*\n/gm;

export interface CliCaller {
  readonly userId: string;
  readonly password: string;
  readonly clientApiUrl: string;
  readonly appserviceUrl: string;
}

export interface CliResult {
  readonly code: number | null;
  /** What it wrote, errors included, except that it has to wait: that depends on who signed in before. */
  readonly text: string;
}

/** Runs one command; the password comes by standard input. */
export async function runCli(
  { userId, password, clientApiUrl, appserviceUrl }: CliCaller,
  words: readonly string[],
): Promise<CliResult> {
  const who = ['--als', userId, '--server', clientApiUrl, '--api', appserviceUrl];
  const child = spawn(process.execPath, [program, ...words, ...who], { stdio: 'pipe' });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stdin.end(`${password}\n`);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text: text.replaceAll(patience, '') };
}
