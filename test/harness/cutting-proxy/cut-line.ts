/**
 * A browser whose way to the homeserver leads through a cutting proxy. The browser itself takes the other way, so that
 * the client, its workers and its security policy stay exactly as they are.
 */
import { chromium, type Browser } from '@playwright/test';
import { chromiumArguments, chromiumPath } from '../chromium.ts';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts';

export interface CutLine {
  readonly browser: Browser;
  readonly proxy: CuttingProxy;
  close(): Promise<void>;
}

export async function openCutLine(homeserverUrl: string): Promise<CutLine> {
  const proxy = await startCuttingProxy(homeserverUrl);
  const rule = `MAP ${new URL(homeserverUrl).host} ${new URL(proxy.url).host}`;
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: [...chromiumArguments, `--host-resolver-rules=${rule}`],
  });
  return {
    browser,
    proxy,
    close: async () => {
      await browser.close();
      await proxy.close();
    },
  };
}
