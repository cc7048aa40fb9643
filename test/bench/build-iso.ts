import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { type BenchResult, compare, measure } from './compare.ts';

const PAIRS = 5;
const WIM_BYTES = 4 * 1024 ** 3;
const MAIN = fileURLToPath(new URL('../../cli/start.mjs', import.meta.url));

const XORRISO =
  'xorriso -as mkisofs -quiet -iso-level 3 -J -r -V BENCH -o "$3" -graft-points "$1" "/mediasmith/images/big.wim=$2"';

/** A 4 GiB WIM that goes onto the medium as it is: the whole command beside xorriso over the same tree, and beside cp. */
export async function benchBuild(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-build-'));
  try {
    const wim = await makeWim(folder);
    const project = await writeProject(folder);
    const iso = join(folder, 'out.iso');
    const tree = join(folder, 'tree');
    const other = join(folder, 'other');
    const ours = async () => {
      await rm(iso, { force: true });
      await exec(['sync']);
      return measure([process.execPath, MAIN, 'build', project]);
    };
    // The first build makes the boot environment and the tree that the yardstick is given.
    await ours();
    await exec(
      ['xorriso', '-osirrox', 'on', '-indev', iso, '-extract', '/', tree, '-rm_r', '/mediasmith/images', '--'],
      { successCodes: [0, 32] },
    );
    await exec(['sh', '-c', 'chmod -R u+w "$1" && rm -rf "$1/mediasmith/images"', 'sh', tree]);
    // As ours, until the disk has it: what lies in memory has cost the disk nothing yet.
    const theirs = (command: string) => async () => {
      await rm(other, { force: true });
      await exec(['sync']);
      return measure(['sh', '-ec', `${command}; sync "$3"`, 'sh', tree, wim, other]);
    };
    return [
      await compare({
        name: 'build an ISO of a 4 GiB WIM, beside xorriso',
        yardstick: 'xorriso -as mkisofs -iso-level 3 -J -r -o FILE over the same tree; sync FILE',
        pairs: PAIRS,
        ours,
        theirs: theirs(XORRISO),
      }),
      await compare({
        name: 'build an ISO of a 4 GiB WIM, beside cp',
        yardstick: 'cp WIM FILE; sync FILE, on the same disk',
        pairs: PAIRS,
        ours,
        theirs: theirs('cp "$2" "$3"'),
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Random data, stored: nothing to gain by compressing it again, as with an install.wim. */
async function makeWim(folder: string): Promise<string> {
  const source = join(folder, 'source');
  await exec(['mkdir', source]);
  await exec([
    'dd',
    'if=/dev/urandom',
    `of=${join(source, 'data')}`,
    'bs=4M',
    `count=${WIM_BYTES / (4 * 1024 ** 2)}`,
    'status=none',
  ]);
  const path = join(folder, 'big.wim');
  using wim = await WimFile.create('none');
  await wim.addFolder(source, 'Big');
  await wim.write(path);
  await rm(source, { recursive: true });
  // What the disk still has to write must not slow the first contestant.
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
  return path;
}

async function writeProject(folder: string): Promise<string> {
  const path = join(folder, 'media.yaml');
  await writeFile(
    join(folder, 'install.yaml'),
    JSON.stringify({
      formatVersion: 1,
      id: 's',
      name: 'S',
      steps: [{ step: 'set-variable', variable: 'a', value: 'b' }],
    }),
  );
  await writeFile(
    path,
    JSON.stringify({
      formatVersion: 1,
      name: 'Bench',
      images: [{ name: 'big', source: 'big.wim' }],
      sequences: ['install.yaml'],
      outputs: [{ iso: 'out.iso' }],
    }),
  );
  return path;
}
