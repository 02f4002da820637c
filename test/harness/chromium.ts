/**
 * The browser of the end-to-end tests: a Chromium that the machine has, else the one that comes inside an npm package.
 */
import { existsSync } from 'node:fs';
import sparticuzChromium from '@sparticuz/chromium';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** Path of a Chromium executable. LANDBOTE_CHROMIUM names another one. */
export async function chromiumPath(): Promise<string> {
  const named = process.env['LANDBOTE_CHROMIUM'];
  return named ?? installed.find((path) => existsSync(path)) ?? (await sparticuzChromium.executablePath());
}

/** Arguments that keep the browser from asking anybody outside this machine. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
