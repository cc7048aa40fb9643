import { createCipheriv } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { updateSticks } from '../../builder/writers/usb/update-sticks.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { exec } from '../../runtime/host/exec.ts';
import { DEPLOY, DRIVER_PACKAGE, type WrittenSequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { type BenchResult, compare, measure } from './compare.ts';

const PAIRS = 5;
const MIB = 1024 ** 2;
const MAIN = fileURLToPath(new URL('../../cli/start.mjs', import.meta.url));
const UPDATED_MIB = 300;
const STICK_BYTES = 8e9;
const ASKED_BYTES = 5e6;

/** Another sequence for a stick of 8 GB, to and fro, beside writing as much as it may at most. */
export async function benchUsbUpdate(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-usb-update-'));
  try {
    const media = await twoMedia(join(folder, 'media'));
    const stick = join(folder, 'stick.img');
    await using handle = await open(stick, 'w+');
    await handle.truncate(STICK_BYTES);
    const targets = [{ device: stick, bytes: STICK_BYTES, handle }];
    const { signal } = new AbortController();
    const context = { exec, emit: () => undefined, signal, cacheFolder: cacheFolder() };
    await writeSticks(media[0] ?? '', targets, {}, context);
    let turn = 0;
    let most = 0;
    const result = await compare({
      name: '',
      yardstick: `dd of ${ASKED_BYTES / 1e6} MB to the same disk, conv=fsync`,
      pairs: PAIRS,
      ours: async () => {
        turn = 1 - turn;
        const start = performance.now();
        const [updated] = await updateSticks(media[turn] ?? '', targets, context);
        const seconds = (performance.now() - start) / 1000;
        most = Math.max(most, updated?.bytesWritten ?? 0);
        return { seconds, peakBytes: process.memoryUsage().rss };
      },
      theirs: () =>
        measure(['dd', 'if=/dev/urandom', `of=${join(folder, 'written')}`, 'bs=1MB', 'count=5', 'conv=fsync']),
    });
    if (most > ASKED_BYTES) throw new Error(`an update of one sequence has written ${most} bytes`);
    return { ...result, name: `update one sequence on a stick of 8 GB, writing ${most} bytes` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A medium with a package of random data, and the same with another sequence. */
async function twoMedia(folder: string): Promise<string[]> {
  const big = join(folder, 'big');
  await mkdir(big, { recursive: true });
  const data = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(
    Buffer.alloc(UPDATED_MIB * MIB),
  );
  await writeFile(join(big, 'data.bin'), data);
  const packages = [DRIVER_PACKAGE, 'big'].map((name) => ({ name, source: name }));
  const { iso } = await buildTestMedium(folder, { options: { packages } });
  const project = JSON.parse(await readFile(join(folder, 'media.yaml'), 'utf8'));
  const other = join(folder, 'other.yaml');
  await writeFile(join(folder, 'deploy.yaml'), JSON.stringify(CHANGED));
  await writeFile(other, JSON.stringify({ ...project, outputs: [{ iso: 'other.iso' }] }));
  await exec([process.execPath, MAIN, 'build', other]);
  return [iso, join(folder, 'other.iso')];
}

const CHANGED: WrittenSequence = {
  ...DEPLOY,
  steps: [...DEPLOY.steps.slice(0, -1), { step: 'set-variable', variable: 'Changed', value: 'yes' }],
};
