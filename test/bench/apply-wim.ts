import { cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Argv, exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { type BenchResult, type BenchRun, compare, measure } from './compare.ts';

const PAIRS = 7;
/** About 90,000 files, as many as Windows has. */
const COPIES = 12;
const VOLUME_BYTES = 12 * 1024 ** 3;
const ROOT = join(import.meta.dirname, '../..');

/**
 * Applies one WIM (this project's node_modules, several times over) to a fresh NTFS volume in a file, by turns with our
 * binding, from opening the WIM to closing it (how the runtime starts is another figure), and with wimlib-imagex, which
 * drives the same library.
 */
export async function benchApply(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-apply-'));
  const wim = join(folder, 'bench.wim');
  const volume = join(folder, 'volume.img');
  const our: Argv = [process.execPath, join(import.meta.dirname, 'apply-wim-child.ts'), wim, volume];
  const their: Argv = ['wimlib-imagex', 'apply', wim, '1', volume];
  try {
    await makeWim(folder, wim);
    const onFreshVolume = (run: () => Promise<BenchRun>) => async () => {
      await makeVolume(volume);
      return run();
    };
    return await compare({
      name: 'apply a WIM to an NTFS volume',
      yardstick: 'wimlib-imagex apply FILE 1 VOLUME',
      pairs: PAIRS,
      ours: onFreshVolume(async () => JSON.parse((await exec(our)).stdout)),
      theirs: onFreshVolume(() => measure(their)),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeWim(folder: string, path: string): Promise<void> {
  const source = join(folder, 'source');
  for (let copy = 0; copy < COPIES; copy++) {
    await cp(join(ROOT, 'node_modules'), join(source, String(copy)), { recursive: true, verbatimSymlinks: true });
  }
  using wim = await WimFile.create('LZX');
  await wim.addFolder(source, 'bench');
  await wim.write(path);
  await rm(source, { recursive: true });
}

async function makeVolume(volume: string): Promise<void> {
  await rm(volume, { force: true });
  await writeFile(volume, '');
  await truncate(volume, VOLUME_BYTES);
  await exec(['mkntfs', '-F', '-Q', '-q', volume]);
  await exec(['sync']);
}
