/** A browser with a fresh profile on disk, as somebody has who sits down at it for the first time. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { Seat } from '../../e2e/seat.ts';
import { chromiumArguments, chromiumPath } from '../../harness/chromium.ts';
import { watchInput } from './page-clock.ts';
import { watchCosts, type PageCosts } from './page-costs.ts';
import { rendererMemory, type RendererMemory } from './renderer-memory.ts';

export interface MeasuredBrowser {
  readonly seat: Seat;
  readonly page: Page;
  readonly costs: PageCosts;
  memory(): Promise<RendererMemory>;
  close(): Promise<void>;
}

/** @param slowdown by how much the page's main thread is slowed; workers are not */
export async function openBrowser(slowdown: number): Promise<MeasuredBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'landbote-bench-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await chromiumPath(),
    args: chromiumArguments,
    locale: 'de-DE',
    viewport: { width: 1280, height: 800 },
  });
  const seat = await Seat.in(context);
  await Promise.all(
    context
      .pages()
      .filter((page) => page !== seat.page)
      .map((page) => page.close()),
  );
  const costs = await watchCosts(seat.page);
  await watchInput(seat.page);
  const devTools = await context.newCDPSession(seat.page);
  await devTools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  return {
    seat,
    page: seat.page,
    costs,
    memory: () => rendererMemory(profile),
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
