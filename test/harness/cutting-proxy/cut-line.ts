/**
 * A browser whose way to the homeserver leads through a cutting proxy. The browser itself takes the other way, so that
 * the client, its workers and its security policy stay exactly as they are.
 */
import { chromium, test, type Browser, type BrowserContext, type LaunchOptions } from '@playwright/test';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts';

export interface CutLine {
  readonly browser: Browser;
  readonly proxy: CuttingProxy;
  close(): Promise<void>;
}

export async function openCutLine(homeserverUrl: string): Promise<CutLine> {
  const proxy = await startCuttingProxy(homeserverUrl);
  const browser = await chromium.launch(throughProxy(homeserverUrl, proxy));
  return {
    browser,
    proxy,
    close: async () => {
      await browser.close();
      await proxy.close();
    },
  };
}

/** A browser that keeps everything in a folder, so that it can crash and be started again. */
export function openKeptBrowser(profile: string, homeserverUrl: string, proxy: CuttingProxy): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, { locale: 'de-DE', ...throughProxy(homeserverUrl, proxy) });
}

/** The browser of the project that runs, but for its way. */
function throughProxy(homeserverUrl: string, proxy: CuttingProxy): LaunchOptions {
  const rule = `MAP ${new URL(homeserverUrl).host} ${new URL(proxy.url).host}`;
  const { launchOptions } = test.info().project.use;
  return { ...launchOptions, args: [...(launchOptions?.args ?? []), `--host-resolver-rules=${rule}`] };
}
