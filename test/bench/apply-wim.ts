import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Argv, exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';

export type BenchRun = { seconds: number; peakBytes: number };

export type BenchResult = {
  name: string;
  /** Our time by the yardstick's: the median over the pairs. */
  ratio: number;
  /** The command ours is measured against. */
  yardstick: string;
  /** The medians of each. */
  ours: BenchRun;
  theirs: BenchRun;
};

const PAIRS = 5;
const COPIES = 3;
const VOLUME_BYTES = 3 * 1024 ** 3;
const SAMPLE_MILLISECONDS = 10;
const ROOT = join(import.meta.dirname, '../..');

/**
 * Applies one WIM (this project's node_modules, several times over) to a fresh NTFS volume in a file, by turns with our
 * binding in a process of its own and with wimlib-imagex, which drives the same library.
 */
export async function benchApply(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-apply-'));
  const wim = join(folder, 'bench.wim');
  const volume = join(folder, 'volume.img');
  const our: Argv = [process.execPath, join(import.meta.dirname, 'apply-wim-child.ts'), wim, volume];
  const their: Argv = ['wimlib-imagex', 'apply', wim, '1', volume];
  try {
    await makeWim(folder, wim);
    const ours: BenchRun[] = [];
    const theirs: BenchRun[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      // Each goes first as often as the other, as near as an odd number allows.
      const turns = [
        async () => ours.push(await measure(our, volume)),
        async () => theirs.push(await measure(their, volume)),
      ];
      for (const turn of pair % 2 === 0 ? turns : turns.reverse()) await turn();
    }
    return {
      name: 'apply a WIM to an NTFS volume',
      ratio: median(ours.map((run, pair) => run.seconds / (theirs[pair]?.seconds ?? Number.NaN))),
      yardstick: 'wimlib-imagex apply FILE 1 VOLUME',
      ours: medians(ours),
      theirs: medians(theirs),
    };
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

async function measure([program, ...args]: Argv, volume: string): Promise<BenchRun> {
  await rm(volume, { force: true });
  await writeFile(volume, '');
  await truncate(volume, VOLUME_BYTES);
  await exec(['mkntfs', '-F', '-Q', '-q', volume]);
  await exec(['sync']);
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peakBytes = 0;
  const sampling = setInterval(async () => {
    peakBytes = Math.max(peakBytes, await peakOf(child.pid));
  }, SAMPLE_MILLISECONDS);
  const [exitCode] = await once(child, 'exit');
  const seconds = (performance.now() - start) / 1000;
  clearInterval(sampling);
  if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}`);
  return { seconds, peakBytes };
}

/** The high-water mark that the kernel keeps of a process's memory; 0 once the process has gone. */
async function peakOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function medians(runs: readonly BenchRun[]): BenchRun {
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    peakBytes: median(runs.map(({ peakBytes }) => peakBytes)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
