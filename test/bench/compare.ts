import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import type { Argv } from '../../runtime/host/exec.ts';

/** `peakBytes`: the most memory that the process and all it had started held at one time (RSS), as sampled. */
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

export type Contest = {
  name: string;
  yardstick: string;
  pairs: number;
  ours: () => Promise<BenchRun>;
  theirs: () => Promise<BenchRun>;
};

/** Runs the two by turns; each goes first as often as the other, as near as an odd number allows. One pair warms up. */
export async function compare({ name, yardstick, pairs, ours, theirs }: Contest): Promise<BenchResult> {
  const runs: { ours: BenchRun; theirs: BenchRun }[] = [];
  for (let pair = 0; pair <= pairs; pair++) {
    const first = pair % 2 === 0 ? await ours() : await theirs();
    const second = pair % 2 === 0 ? await theirs() : await ours();
    if (pair > 0) runs.push(pair % 2 === 0 ? { ours: first, theirs: second } : { ours: second, theirs: first });
  }
  return {
    name,
    ratio: median(runs.map((run) => run.ours.seconds / run.theirs.seconds)),
    yardstick,
    ours: medians(runs.map((run) => run.ours)),
    theirs: medians(runs.map((run) => run.theirs)),
  };
}

/** Often enough for a peak that lasts, and seldom enough not to slow what is measured. */
const SAMPLE_MILLISECONDS = 100;

export type MeasureOptions = {
  successCodes?: readonly number[];
  /** Stop the clock at the first output and not at the end. */
  untilOutput?: boolean;
};

/** Times one process from its start, and samples the most memory it had. Its output is read and thrown away. */
export async function measure(
  [program, ...args]: Argv,
  { successCodes = [0], untilOutput = false }: MeasureOptions = {},
): Promise<BenchRun> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let seconds: number | undefined;
  child.stdout.on('data', () => {
    if (untilOutput) seconds ??= (performance.now() - start) / 1000;
  });
  let peakBytes = 0;
  const sampling = setInterval(async () => {
    peakBytes = Math.max(peakBytes, await memoryOfTree(child.pid));
  }, SAMPLE_MILLISECONDS);
  const [exitCode] = await once(child, 'exit');
  seconds ??= (performance.now() - start) / 1000;
  clearInterval(sampling);
  if (!successCodes.includes(exitCode)) throw new Error(`${program} ended with ${exitCode}`);
  return { seconds, peakBytes };
}

/** The memory a process and its descendants hold now; 0 once it has gone. Pages that several map count for each. */
export async function memoryOfTree(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const children = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  const pids = children.join(' ').split(/\s+/).filter(Boolean).map(Number);
  const below = await Promise.all(pids.map(memoryOfTree));
  return below.reduce((sum, bytes) => sum + bytes, own);
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
