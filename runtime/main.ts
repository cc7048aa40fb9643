import { readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { getAsset, isSea } from 'node:sea';
import { compileFunction } from 'node:vm';
import { VERSION } from './contract/version.ts';
import { startSinks } from './engine/sinks/index.ts';

type Run = typeof import('./run.ts');

const SERIAL_PORT = '/dev/ttyS0';
/** Named as people look for it; in memory until the deployed disk can hold it. */
const LOG_FILE = '/run/mediasmith/smsts.log';
/** The asset of the single executable that holds `run.ts` and everything it imports (builder/boot/linux). */
const RUN_ASSET = 'run.cjs';
/** What the boot environment's init does next (templates/linux/init). */
const EXIT_CODES = { restart: 0, shutdown: 10, shell: 20 } as const;
const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

/**
 * The runtime as the boot environment starts it. Everything heavy is loaded after the first event: whoever watches a
 * machine start sees at once that the runtime lives.
 */
async function main(): Promise<number> {
  if (process.argv.includes('--version')) {
    writeSync(STANDARD_OUTPUT, `${VERSION}\n`);
    return 0;
  }
  if (process.argv.at(-1) !== 'run') {
    writeSync(STANDARD_ERROR, 'usage: mediasmith run\n');
    return 2;
  }
  using sinks = startSinks({
    serialPort: SERIAL_PORT,
    logFile: LOG_FILE,
    write: (text) => writeSync(STANDARD_OUTPUT, text),
  });
  const uptimeSeconds = Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));
  sinks.emit({ event: 'runtime-started', version: VERSION, platform: 'linux', uptimeSeconds });
  const { run } = isSea() ? loadAsset() : await import('./run.ts');
  return EXIT_CODES[await run({ emit: sinks.emit, logFile: LOG_FILE })];
}

function loadAsset(): Run {
  const module = { exports: {} };
  const code = compileFunction(getAsset(RUN_ASSET, 'utf8'), ['module', 'exports', 'require'], { filename: RUN_ASSET });
  code(module, module.exports, createRequire(process.execPath));
  return module.exports as Run;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    writeSync(STANDARD_ERROR, `${error instanceof Error ? error.stack : error}\n`);
    process.exit(EXIT_CODES.shell);
  },
);
