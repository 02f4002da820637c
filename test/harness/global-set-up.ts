/**
 * Gives every real-server test one running stack. `npm test` starts it once for all suites and names its file in
 * LANDBOTE_STACK_FILE; a suite run by itself starts its own and stops it at the end.
 */
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startStack } from '#stack/stack.ts';
import { testStackOptions } from './test-stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the running stack's stack.json. */
    stackFile: string;
  }
}

export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env['LANDBOTE_STACK_FILE'];
  if (running !== undefined) {
    project.provide('stackFile', running);
    return undefined;
  }
  const options = testStackOptions();
  const stack = await startStack(options);
  project.provide('stackFile', join(options.folder, 'stack.json'));
  return () => stack.stop();
}
