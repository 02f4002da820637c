/**
 * The browser of the end-to-end tests: a Chromium that the machine has, else the one that comes inside an npm package
 * together with the libraries it needs.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packaged, { inflate, setupLambdaEnvironment } from '@sparticuz/chromium';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** Path of a Chromium executable. LANDBOTE_CHROMIUM names another one, `packaged` that of the npm package. */
export async function chromiumPath(): Promise<string> {
  const named = process.env['LANDBOTE_CHROMIUM'];
  if (named === 'packaged') return unpackChromium();
  return named ?? installed.find((path) => existsSync(path)) ?? (await unpackChromium());
}

/** Unpacks the browser below the system's folder for temporary files; a second call finds it there. */
async function unpackChromium(): Promise<string> {
  const archives = fileURLToPath(new URL('../bin', import.meta.resolve('@sparticuz/chromium')));
  const libraries = await inflate(join(archives, 'al2023.tar.br'));
  // Puts the libraries into the environment that browsers are started with.
  setupLambdaEnvironment(join(libraries, 'lib'));
  return packaged.executablePath();
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
