import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { makeRuntimeExecutable, runtimeSources } from '../../builder/boot/linux/runtime-executable.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { exec } from '../../runtime/host/exec.ts';
import { type BenchResult, compare, measure } from './compare.ts';

const PAIRS = 11;
/** Without a medium on the kernel's command line it says so after its first event and ends for a shell. */
const ENDS_FOR_SHELL = 20;

/** The runtime's start to its first event, beside a Node that does nothing. */
export async function benchStart(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-start-'));
  try {
    const { root } = await prepareLinuxBootEnvironment({ cacheFolder: cacheFolder(), exec, emit: () => {} });
    await makeRuntimeExecutable({ sources: await runtimeSources(cacheFolder()), root, folder }, exec);
    return await compare({
      name: "the runtime's start to its first event",
      yardstick: 'node -e 0',
      pairs: PAIRS,
      ours: () => measure([join(folder, 'mediasmith'), 'run'], { successCodes: [ENDS_FOR_SHELL], untilOutput: true }),
      theirs: () => measure([process.execPath, '-e', '0']),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
