// Runs on any Node from 20 on and with nothing installed: it brings what is missing, then hands over to the real thing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LEAST_NODE = 20;
const EXIT_TOOL_MISSING = 3;
const STAMP = join(ROOT, 'node_modules/.mediasmith-lock');

const TASKS = {
  demo: () => ['cli/main.ts', 'demo'],
  test: () => [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'unit',
    '--project',
    'contract',
    '--project',
    'integration',
    '--project',
    'e2e',
  ],
  'test:windows': () => ['node_modules/vitest/vitest.mjs', 'run', '--project', 'windows'],
  'test:all': () => ['node_modules/vitest/vitest.mjs', 'run'],
  bench: () => ['test/bench/main.ts'],
};

const NEED_WINE = ['test:windows', 'test:all'];
/** The first Debian whose Wine is new enough; an older one unpacks that Debian into the cache. */
const DEBIAN_WITH_WINE = 13;

const [task, ...rest] = process.argv.slice(2);
if (!Object.hasOwn(TASKS, task ?? '')) stop(2, `usage: setup.mjs ${Object.keys(TASKS).join('|')}`);
if (Number(process.versions.node.split('.')[0]) < LEAST_NODE)
  stop(EXIT_TOOL_MISSING, `Node ${LEAST_NODE} or newer is needed, this is ${process.versions.node}.`);
if (NEED_WINE.includes(task)) refuseWithoutRoot();
installDebianPackages();
installNpmPackages();
const { pinnedNode } = await import('./pinned-node.mjs');
if (task.startsWith('test'))
  run(pinnedNode(), ['node_modules/@biomejs/biome/bin/biome', 'check', '.'], 'The sources are not in order.');
if (task.startsWith('test')) run(pinnedNode(), ['node_modules/typescript/bin/tsc'], 'The sources do not compile.');
if (NEED_WINE.includes(task)) run(pinnedNode(), ['test/windows/set-up.ts'], 'Wine cannot be set up.');
process.exit(spawnSync(pinnedNode(), [...TASKS[task](), ...rest], { cwd: ROOT, stdio: 'inherit' }).status ?? 1);

/** Wine runs in a chroot of its own, where no disk of this machine can be reached: only root can make that. */
function refuseWithoutRoot() {
  if (process.getuid?.() === 0) return;
  const missing = missingPackages();
  const commands = [...(missing.length === 0 ? [] : [installCommand(missing)]), `npm run ${task}`];
  stop(
    EXIT_TOOL_MISSING,
    `The Windows tests need root rights, to mount and to chroot. As root, run:\n\n${commands.map((line) => `  ${line}\n`).join('')}`,
  );
}

function installDebianPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    stop(
      EXIT_TOOL_MISSING,
      `Debian packages are missing. As root, run:\n\n  ${installCommand(missing)}\n\nand start again.`,
    );
  }
  say(`Installing Debian packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '--quiet'], 'The package lists cannot be fetched.', env, 'ignore');
  run('apt-get', installArgs(missing), 'The packages cannot be installed.', env, 'ignore');
}

function missingPackages() {
  const listed = readFileSync(join(ROOT, 'debian-packages.txt'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean);
  const wanted = [...(task === 'test:windows' ? [] : listed), ...(NEED_WINE.includes(task) ? winePackages() : [])];
  return wanted.filter((name) => !isInstalled(name));
}

function winePackages() {
  const release = /^VERSION_ID="?(\d+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  return Number(release) >= DEBIAN_WITH_WINE ? ['wine64'] : ['debootstrap', 'debian-archive-keyring'];
}

function installArgs(packages) {
  return ['install', '--yes', '--no-install-recommends', ...packages];
}

function installCommand(packages) {
  return `apt-get update && apt-get ${installArgs(packages).join(' ')}`;
}

function isInstalled(name) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own syntax
  const { stdout } = spawnSync('dpkg-query', ['--show', '--showformat', '${db:Status-Status}', name], {
    encoding: 'utf8',
  });
  return stdout === 'installed';
}

function installNpmPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  say('Installing npm packages from package-lock.json');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], 'The npm packages cannot be installed.');
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, lock);
}

/** What it says goes to standard error, which is file 2: standard output belongs to the command that follows. */
function run(program, args, message, env = process.env, stdout = 2) {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, stdio: ['ignore', stdout, 'inherit'], env });
  if (status !== 0)
    stop(EXIT_TOOL_MISSING, `${message} (${program} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`})`);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function stop(code, text) {
  say(text);
  process.exit(code);
}
