/**
 * `npm run landbote -- <Befehl>`: the administration's command line over the appservice's API. It signs in as the person
 * who uses it and can do no more than they may. Passwords come from a file, from standard input or from the keyboard,
 * never from the command line, which other users of the machine could read.
 */
import { readArguments, usage, UsageError } from './arguments.ts';
import { commands } from './commands/commands.ts';
import { RefusedError, signIn } from './api-session.ts';
import { readPassword } from './read-password.ts';

async function run(words: readonly string[]): Promise<void> {
  const call = readArguments(words);
  const command = commands[call.command];
  const password = await readPassword(call.passwordFile, process.stdin, process.stderr);
  const session = await signIn(call, password);
  try {
    await command(session, call, (line) => process.stdout.write(`${line}\n`));
  } finally {
    await session.end();
  }
}

// Whoever pipes the output into `head` has seen enough.
process.stdout.on('error', () => process.exit());

try {
  await run(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  const isExpected = isUsage || error instanceof RefusedError;
  const text = isExpected ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${text}\n${isUsage ? `\n${usage}\n` : ''}`);
  process.exitCode = isUsage ? 2 : 1;
}
