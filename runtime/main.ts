import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { getAsset, isSea } from 'node:sea';
import { compileFunction } from 'node:vm';
import { VERSION } from './contract/version.ts';
import { startSinks } from './engine/sinks/index.ts';
import { placeOf } from './host/place.ts';

type Run = typeof import('./run.ts');
type RunStart = import('./run.ts').RunStart;

/** The asset of the single executable that holds `run.ts` and everything it imports (builder/boot/runtime-bundle.ts). */
const RUN_ASSET = 'run.cjs';
const USAGE = 'usage: mediasmith [run] | resume [--from-setup] | selftest [--json] | --version\n';
/** What no platform's way of leaving has: the boot environment opens a shell. */
const EXIT_CRASHED = 20;
const EXIT_USAGE = 2;
/** By the words of the command line. */
const STARTS: Readonly<Record<string, RunStart>> = {
  '': 'by-hand',
  run: 'run',
  resume: 'resume',
  'resume --from-setup': 'from-setup',
};
const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

/**
 * The runtime as the boot environment starts it (`run`), as a person starts it from a medium in the running Windows
 * (without a word), and as Windows starts it to go on with a sequence (`resume`). Everything heavy is loaded after the
 * first event: whoever watches a machine start sees at once that the runtime lives.
 */
async function main([command, ...options]: readonly string[]): Promise<number> {
  if (command === '--version') return print(`${VERSION}\n`);
  if (command === 'selftest') return (await loadRun()).selftest(options.includes('--json'), print);
  if (command === 'serve-medium') return (await loadRun()).serveMedium(options.join(' '), print);
  const start = STARTS[[command ?? '', ...options].join(' ')];
  if (start === undefined) {
    writeSync(STANDARD_ERROR, USAGE);
    return EXIT_USAGE;
  }
  const place = placeOf(process.platform);
  using sinks = startSinks({ ...place, write: print });
  const { platform, logFile } = place;
  sinks.emit({ event: 'runtime-started', version: VERSION, platform, uptimeSeconds: place.uptimeSeconds() });
  // Awaited here: the sinks are closed when this function is left.
  return await (await loadRun()).run({ emit: sinks.emit, logFile, start });
}

async function loadRun(): Promise<Run> {
  return isSea() ? loadAsset() : import('./run.ts');
}

function loadAsset(): Run {
  const module = { exports: {} };
  const code = compileFunction(getAsset(RUN_ASSET, 'utf8'), ['module', 'exports', 'require'], { filename: RUN_ASSET });
  code(module, module.exports, createRequire(process.execPath));
  return module.exports as Run;
}

function print(text: string): number {
  writeSync(STANDARD_OUTPUT, text);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    writeSync(STANDARD_ERROR, `${error instanceof Error ? error.stack : error}\n`);
    process.exit(EXIT_CRASHED);
  },
);
