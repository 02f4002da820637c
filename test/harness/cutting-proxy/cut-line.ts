/**
 * A browser whose way to the homeserver leads through a cutting proxy. The browser itself takes the other way, so that
 * the client, its workers and its security policy stay exactly as they are.
 */
import { chromium, test, type Browser } from '@playwright/test';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts';

export interface CutLine {
  readonly browser: Browser;
  readonly proxy: CuttingProxy;
  close(): Promise<void>;
}

export async function openCutLine(homeserverUrl: string): Promise<CutLine> {
  const proxy = await startCuttingProxy(homeserverUrl);
  const rule = `MAP ${new URL(homeserverUrl).host} ${new URL(proxy.url).host}`;
  // The browser of the project that runs, but for its way.
  const { launchOptions } = test.info().project.use;
  const args = [...(launchOptions?.args ?? []), `--host-resolver-rules=${rule}`];
  const browser = await chromium.launch({ ...launchOptions, args });
  return {
    browser,
    proxy,
    close: async () => {
      await browser.close();
      await proxy.close();
    },
  };
}
