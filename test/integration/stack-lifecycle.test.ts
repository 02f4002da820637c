/**
 * A small stack of its own: what it leaves behind when it stops, that a second start resumes the same data, and that
 * a crash of one process ends all. The stranger's homeserver will do: it has no organisation to be provisioned.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { serverNameSchema } from '#contract/ids.ts';
import { readStackFile, type StackPerson } from '#stack/stack-file.ts';
import { startStack, stackFilePath, type Stack } from '#stack/stack.ts';
import { signIn, type MatrixSession } from '#test/harness/matrix/session.ts';
import { testPorts } from '#test/harness/test-ports.ts';

const fremd = serverNameSchema.parse('fremd.test');
/** Below the ports that systems hand out to outgoing connections. */
let folder: string;
let stack: Stack;

const start = (): Promise<Stack> => startStack({ folder, servers: [fremd], portBase: testPorts.lifecycle });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbote-stack-'));
  stack = await start();
});
afterEach(async () => {
  await stack.stop();
});
afterAll(() => rm(folder, { recursive: true }));

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

const liveProcesses = ({ file }: Stack): readonly string[] =>
  Object.entries(file.processIds).flatMap(([name, processId]) => (isAlive(processId) ? [name] : []));

function firstPerson({ file }: Stack): StackPerson {
  const [person] = file.domains[fremd]?.people ?? [];
  if (!person) throw new Error('the stack has no people');
  return person;
}

/** Signs in anew: the homeserver knows the person and the password. */
async function session(running: Stack): Promise<MatrixSession> {
  const { userId, password } = firstPerson(running);
  return signIn(running.file.domains[fremd]?.clientApiUrl ?? '', userId, password);
}

async function createRoom(running: Stack): Promise<string> {
  const { body } = await (await session(running)).request('POST', '/v3/createRoom', {});
  return z.object({ room_id: z.string() }).parse(body).room_id;
}

async function joinedRooms(running: Stack): Promise<readonly string[]> {
  const { body } = await (await session(running)).request('GET', '/v3/joined_rooms');
  return z.object({ joined_rooms: z.array(z.string()) }).parse(body).joined_rooms;
}

test('a stopped stack leaves nothing running, and the next start resumes the same people and their rooms', async () => {
  const before = firstPerson(stack);
  const room = await createRoom(stack);
  const processNames = Object.keys(stack.file.processIds);
  expect(liveProcesses(stack)).toEqual(processNames);
  await stack.stop();
  expect(liveProcesses(stack)).toEqual([]);
  await expect(readStackFile(stackFilePath(folder))).rejects.toThrow('ENOENT');

  stack = await start();
  expect(Object.keys(stack.file.processIds).toSorted()).toEqual(processNames.toSorted());
  expect(firstPerson(stack)).toEqual(before);
  expect(await joinedRooms(stack)).toEqual([room]);
});

test('a crashed process ends the whole stack, and its name is told', async () => {
  stack = await start();
  const { processIds } = stack.file;
  process.kill(processIds[`synapse ${fremd}`] ?? Number.NaN, 'SIGKILL');
  const error = await stack.crashed;
  expect(error.message).toBe(`synapse ${fremd} ended unexpectedly (signal SIGKILL).`);
  expect(Object.values(processIds).filter(isAlive)).toEqual([]);
  await expect(readStackFile(stackFilePath(folder))).rejects.toThrow('ENOENT');
});

test('a restarted process stands in the stack file with its new id', async () => {
  stack = await start();
  const name = 'egress proxy';
  const first = stack.file.processIds[name];
  await stack.restart(name);
  const { processIds } = await readStackFile(stackFilePath(folder));
  expect(processIds[name]).not.toBe(first);
  expect(isAlive(processIds[name] ?? Number.NaN)).toBe(true);
});
