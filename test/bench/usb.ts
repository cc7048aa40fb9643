import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exec } from '../../runtime/host/exec.ts';
import { type BenchResult, type BenchRun, compare, measure } from './compare.ts';

const PAIRS = 5;
const MIB = 1024 ** 2;
const CONTENT_MIB = 1024;
const CHILD = fileURLToPath(new URL('usb-child.ts', import.meta.url));
/** What of our run is held against the yardstick. */
type Half = 'write' | 'readBack';

/** 1 GiB onto the image of a stick: writing it beside cp, both until it is on the disk, and reading it back beside cmp. */
export async function benchUsb(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-usb-'));
  try {
    const [source, image, copy] = ['source', 'stick.img', 'copy'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await exec(['dd', 'if=/dev/urandom', `of=${source}`, 'bs=1M', `count=${CONTENT_MIB}`, 'conv=fsync', 'status=none']);
    const ours = (half: Half) => async (): Promise<BenchRun> => {
      await rm(image, { force: true });
      await exec(['sync']);
      const { stdout } = await exec([process.execPath, CHILD, source, image, String(CONTENT_MIB * MIB)]);
      const { peakBytes, ...seconds } = JSON.parse(stdout);
      return { seconds: seconds[half], peakBytes };
    };
    const copyIt = async (): Promise<BenchRun> => {
      await rm(copy, { force: true });
      await exec(['sync']);
      return measure(['sh', '-c', 'cp "$0" "$1" && sync "$1"', source, copy]);
    };
    const compareIt = async (): Promise<BenchRun> => measure(['cmp', source, copy]);
    const name = `a stick image with ${CONTENT_MIB} MiB`;
    return [
      await compare({
        name: `write ${name}`,
        yardstick: 'cp FILE COPY && sync COPY, on the same disk',
        pairs: PAIRS,
        ours: ours('write'),
        theirs: copyIt,
      }),
      await compare({
        name: `read back ${name}`,
        yardstick: 'cmp FILE COPY, both in memory',
        pairs: PAIRS,
        ours: ours('readBack'),
        theirs: compareIt,
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
