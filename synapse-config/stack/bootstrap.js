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
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
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

function run(command, args, options, failure) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error || status !== 0) fail(`${failure} (${error ? error.message : `exit code ${status}`})`);
}

/**
 * Install scripts stay off: none of our packages needs one but `node`, whose script fetches the binary and is run
 * here by name. Not `npm ci`: it refuses a lock file without the optional packages of platforms that the registry
 * at locking time did not carry. `--no-save` leaves the lock file as it is.
 */
function installPackages() {
  console.log('Installing the npm packages (first start, or the lock file changed); this takes about a minute …');
  const remedy = 'check the connection to the npm registry (npm ping) and start again.';
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run(npm, args, { cwd: root }, `The npm packages could not be installed: ${remedy}`);
  if (spawnSync(projectNode, ['--version']).status === 0) return;
  const installer = join(nodePackage, 'installArchSpecificPackage.js');
  run(process.execPath, [installer], { cwd: nodePackage }, `Node 24 could not be installed: ${remedy}`);
}

function install() {
  const digest = lockDigest();
  if (existsSync(installedMark) && readFileSync(installedMark, 'utf8') === digest) return;
  installPackages();
  writeFileSync(installedMark, digest);
}

/** A shell that npm starts does not pass SIGTERM on: when it is gone, the script is told to end in its place. */
function watchNpm(onGone) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || onGone(), 500).unref();
}

/** The channel tells the script when this process is gone, also when it was killed. */
function runScript(args) {
  const child = spawn(projectNode, args, { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  watchNpm(() => child.kill('SIGTERM'));
  child.on('error', (error) => fail(`Node 24 does not start (${error.message}): delete node_modules and start again.`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

const [script, ...scriptArguments] = process.argv.slice(2);
if (!script) fail('Usage: node bootstrap.js <script> [arguments…]');
checkNodeVersion();
install();
runScript([script, ...scriptArguments]);
