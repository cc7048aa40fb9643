import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { MediasmithError } from './contract/errors.ts';
import type { Emit, RunEvent } from './contract/events.ts';
import { VERSION } from './contract/version.ts';

const SERIAL_PORT = '/dev/ttyS0';
/** Named as people look for it; in memory until the deployed disk can hold it. */
const LOG_FILE = '/run/mediasmith/smsts.log';
/** What the boot environment's init does next (templates/linux/init). */
const EXIT_CODES = { restart: 0, shutdown: 10, shell: 20 } as const;

/**
 * The runtime as the boot environment starts it. Everything heavy is imported after the first event: whoever watches a
 * machine start sees at once that the runtime lives.
 */
async function main(): Promise<number> {
  if (process.argv.includes('--version')) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  if (process.argv.at(-1) !== 'run') {
    process.stderr.write('usage: mediasmith run\n');
    return 2;
  }
  const started: RunEvent = { event: 'runtime-started', version: VERSION, platform: 'linux', uptimeSeconds: uptime() };
  const { startSinks } = await import('./engine/sinks/index.ts');
  using sinks = startSinks({ serialPort: SERIAL_PORT, logFile: LOG_FILE, write: (text) => process.stdout.write(text) });
  sinks.emit(started);
  return EXIT_CODES[await run(sinks.emit)];
}

async function run(emit: Emit): Promise<keyof typeof EXIT_CODES> {
  const [{ runMedium }, { linuxPlatform }, { parseBootOptions }, { exec }, { askOnConsole }, { dirname, join }] =
    await Promise.all([
      import('./engine/run-medium.ts'),
      import('./platform/linux/index.ts'),
      import('./platform/linux/boot-options.ts'),
      import('./host/exec.ts'),
      import('./host/ask.ts'),
      import('node:path'),
    ]);
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupt.abort(new MediasmithError('INTERRUPTED', `interrupted by ${signal}`)));
  }
  const platform = linuxPlatform({ exec, bootCodeFolder: join(dirname(process.execPath), 'bios') });
  const options = parseBootOptions(readFileSync('/proc/cmdline', 'utf8'));
  return runMedium({
    platform,
    exec,
    ...options,
    ask: askOnConsole,
    logFile: LOG_FILE,
    emit,
    signal: interrupt.signal,
  });
}

main().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(EXIT_CODES.shell);
  },
);
