/** WebKit as Debian builds it: WebKitGTK's own driver and browser, on a display that nobody sees. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver';
import { freePort } from '../../harness/free-port.ts';
import { waitUntil } from '../../harness/wait-until.ts';

const miniBrowser = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

export interface WebKit {
  readonly driver: WebDriver;
  close(): Promise<void>;
}

export async function startWebKit(): Promise<WebKit> {
  const display = await startDisplay();
  const port = await freePort();
  const server = spawn('WebKitWebDriver', [`--port=${port}`], {
    env: { ...process.env, DISPLAY: display.name },
    stdio: 'ignore',
  });
  const address = `http://127.0.0.1:${port}`;
  await waitUntil('WebKitWebDriver', () => fetch(`${address}/status`).catch(() => undefined));
  const driver = await new Builder()
    .usingServer(address)
    .withCapabilities(
      new Capabilities({
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] },
      }),
    )
    .build();
  return {
    driver,
    async close() {
      await driver.quit();
      for (const child of [server, display.process]) await ended(child);
    },
  };
}

/** The X server chooses a free number by itself and tells it. */
async function startDisplay(): Promise<{ readonly name: string; readonly process: ChildProcess }> {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const told = child.stdio[3];
  if (!told) throw new Error('Xvfb has no pipe.');
  const [number] = await once(told, 'data');
  return { name: `:${String(number).trim()}`, process: child };
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
