import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BootImageOptions } from '../../builder/boot/winpe/customise.ts';
import { exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { makeBootWim } from '../helpers/boot-wim.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { type BenchResult, compare, measure } from './compare.ts';

const PAIRS = 5;
const MEBIBYTE = 1024 ** 2;
/** Together about 500 MB in the WIM, in as many files as a boot.wim of Windows has in its larger folders. */
const FILES = 4000;
const NOISE_BYTES = 120_000;
const TEXT_BYTES = 60_000;
const INF = '[Version]\nSignature="$WINDOWS NT$"\n[Manufacturer]\nA=M,NTamd64\n[M.NTamd64]\nD=I,PCI\\VEN_1234\n';

/**
 * Customises a boot.wim of about 500 MB, beside a copy of it and `wimlib-imagex update` with the same files: both do it in
 * a process of their own, ours with all its checks. This process' Node is the executable, as in the runtime.
 */
export async function benchBootImage(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-boot-'));
  try {
    const source = join(folder, 'boot.wim');
    await makeSource(folder, source);
    const options = await writeOptions(folder);
    const ours = join(folder, 'ours.wim');
    const theirs = join(folder, 'theirs.wim');
    const commands = await writeCommands(folder, source, ours, options);
    const afterSync = (run: () => ReturnType<typeof measure>) => async () => {
      for (const path of [ours, theirs]) await rm(path, { force: true });
      await exec(['sync']);
      return run();
    };
    return await compare({
      name: 'customise a boot.wim of 500 MB',
      yardstick: 'cp FILE COPY && wimlib-imagex update COPY 1 < COMMANDS',
      pairs: PAIRS,
      ours: afterSync(() => measure(ourArgv(source, options))),
      theirs: afterSync(() =>
        measure(['sh', '-c', 'cp "$1" "$2" && wimlib-imagex update "$2" 1 < "$3"', 'sh', source, theirs, commands]),
      ),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ourArgv(source: string, options: string): [string, ...string[]] {
  return [process.execPath, join(import.meta.dirname, 'update-boot-wim-child.ts'), source, options];
}

async function makeSource(folder: string, path: string): Promise<void> {
  const files: Record<string, string | Uint8Array> = { 'Windows/System32/kernel32.dll': 'x' };
  for (let number = 0; number < FILES; number++) {
    const text = `line ${number} of a file that is easily made smaller\n`;
    const name = `Windows/${number % 4 === 0 ? 'System32' : 'WinSxS'}/file${number}.bin`;
    files[name] = Buffer.concat([randomBytes(NOISE_BYTES), Buffer.alloc(TEXT_BYTES, text)]);
  }
  await makeBootWim(folder, path, { files });
  const { size } = await stat(path);
  if (size < 450 * MEBIBYTE) throw new Error(`the boot.wim has ${size} bytes only`);
}

async function writeOptions(folder: string): Promise<string> {
  await writeFiles(folder, { 'disk/disk.inf': INF, 'disk/disk.sys': randomBytes(MEBIBYTE) });
  await mkdir(join(folder, 'workspace'));
  const options: Omit<BootImageOptions, 'identityTime'> & { identityTime: string } = {
    wim: join(folder, 'ours.wim'),
    workspace: join(folder, 'workspace'),
    executable: process.execPath,
    imports: ['kernel32.dll'],
    architecture: 'x64',
    bootImage: '0f2c8a52-6c86-4d0b-9f3b-3a6f3a0c5e11',
    identityTime: '2026-01-02T03:04:05Z',
    drivers: [{ name: 'disk', folder: join(folder, 'disk') }],
    scratchSpaceMiB: 512,
    commandPrompt: true,
  };
  const path = join(folder, 'options.json');
  await writeFile(path, JSON.stringify(options));
  return path;
}

/** Takes what we add out of an image of ours, so that the yardstick adds the same; its hive is ready before. */
async function writeCommands(folder: string, source: string, ours: string, options: string): Promise<string> {
  await exec(ourArgv(source, options));
  const added = join(folder, 'added');
  {
    using wim = await WimFile.open(ours);
    const paths = ['/mediasmith', '/Windows/System32/winpeshl.ini', '/Windows/System32/config/SYSTEM'];
    await wim.extractPaths(1, paths, added);
  }
  await copyFile(process.execPath, join(added, 'mediasmith', 'mediasmith.exe'));
  const adds = (await readdir(added)).map((name) => `add '${join(added, name)}' '/${name}' --no-acls`);
  const path = join(folder, 'commands');
  await writeFile(path, [...adds, "rename '/setup.exe' '/setup.exe.orig'", ''].join('\n'));
  return path;
}
