/** What test/harness/global-set-up.ts provides; its own declaration comes with types of Node that clash with a browser's. */
import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    readonly stackFile: string;
  }
}
