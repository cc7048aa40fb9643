import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchResult, compare, measure } from './compare.ts';

const PAIRS = 5;
const STEPS = 2000;
const CHILD = fileURLToPath(new URL('run-steps-child.ts', import.meta.url));

/**
 * What the engine and its journal add to a step, and what a disk adds that is waited for. Ours less a Node that does
 * nothing, by the number of steps, is the overhead of one.
 */
export async function benchRunSteps(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-steps-'));
  try {
    const run = (how: 'sync' | 'no-sync') => measure([process.execPath, CHILD, join(folder, how), String(STEPS), how]);
    const plain = await compare({
      name: `run ${STEPS} steps with a journal, without fsync`,
      yardstick: 'node -e 0',
      pairs: PAIRS,
      ours: () => run('no-sync'),
      theirs: () => measure([process.execPath, '-e', '0']),
    });
    const synced = await compare({
      name: `run ${STEPS} steps with a journal, with fsync`,
      yardstick: 'the same without fsync',
      pairs: PAIRS,
      ours: () => run('sync'),
      theirs: () => run('no-sync'),
    });
    return [plain, synced];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
