/**
 * What stands in for images, because nothing here can build or pull one: programs that this machine has, and for
 * our own images the files that their Dockerfile copies.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { ComposeService } from '../compose-file.ts';

const runFile = promisify(execFile);
const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** What other stages of the Dockerfile would have made, as it lies on this machine. */
export interface BuiltParts {
  /** Virtual environment with the packages of requirements.txt. */
  readonly pythonEnvironment: string;
  /** Result of building the client. */
  readonly clientDist: string;
  /** The packages that are needed at run time. */
  readonly nodeModules: string;
}

export interface Image {
  /** Programs and files: path in the image → path here. Mounted read-only. */
  readonly files: Readonly<Record<string, string>>;
  readonly path: string;
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin';

/** The stand-in for a service's image. Throws for an image it does not know. */
export async function imageOf(service: ComposeService, parts: BuiltParts): Promise<Image> {
  if (service.build !== undefined) return ownImage(service.build.dockerfile, service.build.target, parts);
  const [name = ''] = service.image.split(':');
  if (name === 'postgres') return foreignImage(await postgresFolder());
  if (name === 'nginx' || name === 'redis') return foreignImage(null);
  throw new Error(`No stand-in for the image ${service.image}`);
}

/** Debian keeps PostgreSQL's server programs out of the PATH. */
async function postgresFolder(): Promise<string> {
  const { stdout } = await runFile('sh', ['-c', 'dirname "$(ls /usr/lib/postgresql/*/bin/postgres | tail -n 1)"']);
  return stdout.trim();
}

function foreignImage(extraPath: string | null): Image {
  const path = extraPath === null ? systemPath : `${extraPath}:${systemPath}`;
  return { files: {}, path, workingFolder: '/', environment: {} };
}

async function ownImage(dockerfile: string, target: string, parts: BuiltParts): Promise<Image> {
  const stages = parseStages(await readFile(join(repository, dockerfile), 'utf8'));
  const instructions = inherited(stages, target);
  const copied = instructions.flatMap(({ keyword, value }) => (keyword === 'COPY' ? [copyOf(value, parts)] : []));
  const isPython = target === 'synapse';
  return {
    files: {
      ...Object.fromEntries(copied),
      ...(isPython ? await pythonFiles(parts) : { '/opt/node/bin/node': process.execPath }),
    },
    path: isPython ? `/opt/synapse/bin:${systemPath}` : `/opt/node/bin:${systemPath}`,
    workingFolder: lastValue(instructions, 'WORKDIR') ?? '/',
    environment: environmentOf(instructions),
  };
}

interface Instruction {
  readonly keyword: string;
  readonly value: string;
}
interface Stage {
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

function parseStages(dockerfile: string): ReadonlyMap<string, Stage> {
  const text = dockerfile.replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  return new Map(
    text
      .split(/^FROM /m)
      .slice(1)
      .map((block) => {
        const [head = '', ...lines] = block.trim().split('\n');
        const [base = '', , name = base] = head.split(' ');
        const instructions = lines.filter(Boolean).map((line) => {
          const [, keyword = '', value = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
          return { keyword, value };
        });
        return [name, { base, instructions }];
      }),
  );
}

function inherited(stages: ReadonlyMap<string, Stage>, name: string): readonly Instruction[] {
  const stage = stages.get(name);
  return stage === undefined ? [] : [...inherited(stages, stage.base), ...stage.instructions];
}

function lastValue(instructions: readonly Instruction[], keyword: string): string | undefined {
  return instructions.findLast((instruction) => instruction.keyword === keyword)?.value;
}

function environmentOf(instructions: readonly Instruction[]): Record<string, string> {
  const pairs = instructions.filter(({ keyword }) => keyword === 'ENV').map(({ value }) => value.split('='));
  return Object.fromEntries(pairs.filter(([name]) => name !== 'PATH').map(([name = '', value = '']) => [name, value]));
}

/** `[path in the image, path here]` of a COPY instruction with one source. */
function copyOf(value: string, parts: BuiltParts): readonly [string, string] {
  const [first = '', second = '', third] = value.split(' ');
  if (third === undefined) return [resolve('/app', second), join(repository, first)];
  return [resolve('/app', third), builtPath(second, parts)];
}

function builtPath(path: string, { pythonEnvironment, clientDist, nodeModules }: BuiltParts): string {
  if (path === '/opt/synapse') return pythonEnvironment;
  if (path === '/app/client/dist') return clientDist;
  if (path.startsWith('/app/node_modules')) return path.replace('/app/node_modules', nodeModules);
  throw new Error(`The Dockerfile copies ${path} from another stage, and nothing here stands in for it.`);
}

/** The interpreter behind a virtual environment, where it is not below /usr anyway. */
async function pythonFiles({ pythonEnvironment }: BuiltParts): Promise<Record<string, string>> {
  const program = 'import sys; print(sys.base_prefix)';
  const { stdout } = await runFile(join(pythonEnvironment, 'bin', 'python'), ['-c', program]);
  const prefix = stdout.trim();
  return prefix.startsWith('/usr') ? {} : { [prefix]: prefix };
}
