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
  'test:all': () => ['node_modules/vitest/vitest.mjs', 'run'],
  bench: () => ['test/bench/main.ts'],
};

const [task, ...rest] = process.argv.slice(2);
if (!Object.hasOwn(TASKS, task ?? '')) stop(2, `usage: setup.mjs ${Object.keys(TASKS).join('|')}`);
if (Number(process.versions.node.split('.')[0]) < LEAST_NODE)
  stop(EXIT_TOOL_MISSING, `Node ${LEAST_NODE} or newer is needed, this is ${process.versions.node}.`);
installDebianPackages();
installNpmPackages();
const { pinnedNode } = await import('./pinned-node.mjs');
if (task.startsWith('test'))
  run(pinnedNode(), ['node_modules/@biomejs/biome/bin/biome', 'check', '.'], 'The sources are not in order.');
if (task.startsWith('test')) run(pinnedNode(), ['node_modules/typescript/bin/tsc'], 'The sources do not compile.');
process.exit(spawnSync(pinnedNode(), [...TASKS[task](), ...rest], { cwd: ROOT, stdio: 'inherit' }).status ?? 1);

function installDebianPackages() {
  const wanted = readFileSync(join(ROOT, 'debian-packages.txt'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean);
  const missing = wanted.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0) {
    stop(
      EXIT_TOOL_MISSING,
      `Debian packages are missing. As root, run:\n\n  apt-get update && ${install.join(' ')}\n\nand start again.`,
    );
  }
  say(`Installing Debian packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '--quiet'], 'The package lists cannot be fetched.', env, 'ignore');
  run(install[0], install.slice(1), 'The packages cannot be installed.', env, 'ignore');
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

function run(program, args, message, env = process.env, stdout = 'inherit') {
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
