import { spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getAsset, getRawAsset } from 'node:sea';

/** Stands in for the runtime where a test asks what the executable itself can do. Prints one JSON document. */
const DEEDS: Record<string, (...given: string[]) => unknown> = {
  argv: (...given) => given,
  'command-line': () => {
    writeSync(2, 'an error\n');
    return { line: kernelOf(openKoffi())?.func('str16 GetCommandLineW()')(), folder: process.cwd() };
  },
  asset: (name = '') => getAsset(name, 'utf8').length,
  environment: () => ({ cwd: process.cwd(), version: process.version, platform: process.platform, env: process.env }),
  exit: (code) => void process.exit(Number(code)),
  disks: () => Array.from({ length: 16 }, (_, disk) => `\\\\.\\PhysicalDrive${disk}`).filter(canRead),
  native,
  sleep: () => void setInterval(() => undefined, 1000),
  spawn: (program = '', ...given) => {
    const { status, stdout, stderr, error } = spawnSync(program, given, { encoding: 'utf8' });
    return { status, stdout, stderr, error: error?.message };
  },
  task: (folder = '', program = '', line = '') =>
    spawnSync(program, [line], { cwd: folder, windowsVerbatimArguments: true, stdio: 'ignore' }).status,
  terminal: () => {
    process.stdin.setRawMode(true).on('data', (keys: Buffer) => {
      process.stdout.write(`keys ${keys.toString('hex')}\n`);
      if (keys.toString() === 'q') process.exit(7);
    });
    const { isTTY, columns, rows } = process.stdout;
    return { isTTY, columns, rows };
  },
  write: (file = '', text = '') => writeFileSync(file, text),
};

/** Whether the first sector can be had. */
function canRead(device: string): boolean {
  try {
    return readSync(openSync(device, 'r'), Buffer.alloc(512)) > 0;
  } catch {
    return false;
  }
}

type Library = { func(declaration: string): (...given: unknown[]) => unknown };

type Koffi = { version?: string; load?: (name: string) => Library };

/** koffi out of the asset, as runtime/native/koffi.ts takes it. */
function openKoffi(): Koffi {
  const file = join(tmpdir(), 'koffi.node');
  mkdirSync(tmpdir(), { recursive: true });
  writeFileSync(file, Buffer.from(getRawAsset('koffi.node')));
  const container: { exports: Koffi } = { exports: {} };
  process.dlopen(container, file);
  return container.exports;
}

function kernelOf({ load }: Koffi): Library | undefined {
  return load?.('kernel32.dll');
}

/** koffi and three calls. */
function native() {
  const koffi = openKoffi();
  const kernel = kernelOf(koffi);
  const drives = Number(kernel?.func('uint32 GetLogicalDrives()')());
  return {
    koffi: koffi.version,
    ticks: kernel?.func('uint32 GetTickCount()')(),
    drives: [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter((_, index) => (drives >> index) & 1),
    kinds: Object.fromEntries(['C', 'W', 'X'].map((letter) => [letter, kindOf(kernel, letter)])),
  };
}

function kindOf(kernel: Library | undefined, letter: string): unknown {
  return kernel?.func('uint32 GetDriveTypeW(str16)')(`${letter}:\\`);
}

const [deed = '', ...given] = process.argv.slice(2);
const answer = DEEDS[deed]?.(...given);
writeSync(1, `${JSON.stringify(answer ?? null)}\n`);
