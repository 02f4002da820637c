/** Entry of the engine's worker, shared or a page's own. */
import '../../platform/no-code-from-text.ts';
import { loadConfiguration } from '../../platform/configuration.ts';
import { createEngine } from '../engine.ts';
import { hostElected } from './elected-host.ts';
import { portChannel, type ToEngine, type ToPage } from './messages.ts';
import { hostShared } from './shared-host.ts';

const engine = createEngine(loadConfiguration, true);
globalThis.addEventListener('online', () => engine.wake());

if ('SharedWorkerGlobalScope' in globalThis) {
  hostShared(globalThis, () => engine.newSeat());
} else {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a dedicated worker's scope has the port's methods
  hostElected(portChannel<ToEngine, ToPage>(globalThis as unknown as MessagePort), () => engine.newSeat());
}
