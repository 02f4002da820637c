/**
 * Plain JavaScript for whatever Node is installed (20.19 or newer): installs the npm packages when they are missing
 * or the lock file changed, then runs a script on the project's own Node 24.
 *
 *   node bootstrap.js <script> [arguments…]
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const nodePackage = join(root, 'node_modules', 'node');
const projectNode = join(nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const installedMark = join(root, 'node_modules', '.landbote-lock');

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function checkNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old: install Node 20.19 or newer and start again.`);
  }
}

/** The lock file decides what is installed, so its digest says whether node_modules is up to date. */
function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function run(command, args, failure) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error || status !== 0) fail(`${failure} (${error ? error.message : `exit code ${status}`})`);
}

/** npm may leave out the install script of the `node` package, which fetches the binary: then it is run here. */
function installNodeBinary() {
  if (spawnSync(projectNode, ['--version']).status === 0) return;
  run(
    process.execPath,
    [join(nodePackage, 'installArchSpecificPackage.js')],
    'Node 24 could not be installed: check the connection to the npm registry and start again.',
  );
}

function install() {
  const digest = lockDigest();
  if (existsSync(installedMark) && readFileSync(installedMark, 'utf8') === digest) return;
  console.log('Installing the npm packages (first start, or the lock file changed) …');
  run(
    process.platform === 'win32' ? 'npm.cmd' : 'npm',
    ['ci', '--no-audit', '--no-fund'],
    'The npm packages could not be installed: check the connection to the npm registry and start again.',
  );
  installNodeBinary();
  writeFileSync(installedMark, digest);
}

/** The channel tells the script when this process is gone, also when it was killed. */
function runScript(args) {
  const child = spawn(projectNode, args, { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Node 24 does not start (${error.message}): delete node_modules and start again.`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

const [script, ...scriptArguments] = process.argv.slice(2);
if (!script) fail('Usage: node bootstrap.js <script> [arguments…]');
checkNodeVersion();
install();
runScript([script, ...scriptArguments]);
