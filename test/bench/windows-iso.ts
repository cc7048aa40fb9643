import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { extractFromArchive } from '../../builder/tools/seven-zip.ts';
import { exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { type BenchResult, type BenchRun, compare, measure } from './compare.ts';

const PAIRS = 3;
const MIB = 1024 ** 2;
/** Three editions that share most of what they have, as on an ISO of Windows: about 5.5 GB, and 0.5 GB of boot.wim. */
const SHARED_MIB = 3600;
const EDITION_MIB = 700;
const BOOT_BYTES = 220 * MIB;
const MAIN = fileURLToPath(new URL('../../cli/start.mjs', import.meta.url));

/** From a Windows ISO of 6 GB to a medium with one edition of three, beside the same by hand. */
export async function benchWindowsIso(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-iso-'));
  try {
    const iso = await makeIso(folder);
    const project = await writeProject(folder, iso);
    const commands = await writeCommands(folder, project);
    const work = join(folder, 'work');
    const unpacked = join(cacheFolder(), 'unpacked');
    const fresh = (run: () => Promise<BenchRun>) => async () => {
      for (const path of [work, unpacked, join(folder, 'out.iso')]) await rm(path, { recursive: true, force: true });
      await mkdir(work);
      await exec(['sync']);
      return run();
    };
    return await compare({
      name: 'from a Windows ISO of 6 GB to a medium with one edition',
      yardstick: '7z x ISO; wimlib-imagex export one edition; wimlib-imagex update boot.wim; xorriso; sync',
      pairs: PAIRS,
      ours: fresh(() => measure([process.execPath, MAIN, 'build', project])),
      theirs: fresh(() => measure(['sh', '-ec', BY_HAND, 'sh', work, iso, commands])),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const BY_HAND = `
$(command -v 7zz || command -v 7z) x -bso0 -bsp0 -y -o"$1/iso" "$2"
wimlib-imagex export "$1/iso/sources/install.wim" 2 "$1/one.wim" >/dev/null
mv "$1/one.wim" "$1/iso/sources/install.wim"
wimlib-imagex update "$1/iso/sources/boot.wim" 2 <"$3" >/dev/null
xorriso -as mkisofs -quiet -iso-level 3 -J -joliet-long -V BENCH -b boot/etfsboot.com -no-emul-boot -boot-load-size 8 \\
  -eltorito-alt-boot -e efi/microsoft/boot/efisys.bin -no-emul-boot -o "$1/out.iso" "$1/iso"
sync "$1/out.iso"
`;

async function makeIso(folder: string): Promise<string> {
  const media = makeMicrosoftMedia(folder, { install: 'none', bootBytes: BOOT_BYTES });
  const tree = await media.mediaFolder();
  await writeInstall(folder, join(tree, 'sources/install.wim'));
  const iso = await media.isoFile();
  if ((await stat(iso)).size < 5.5 * 1024 ** 3) throw new Error('the ISO is too small');
  for (const name of ['media', 'boot-tree', 'boot.wim']) await rm(join(folder, name), { recursive: true });
  return iso;
}

/** Stored, not compressed: an export copies either as it is, and making random data smaller would take an hour. */
async function writeInstall(folder: string, path: string): Promise<void> {
  using wim = await WimFile.create('none');
  const source = join(folder, 'editions');
  for (const [index, edition] of ['Core', 'Professional', 'Enterprise'].entries()) {
    const tree = join(source, edition);
    await mkdir(tree, { recursive: true });
    if (index === 0) await random(join(tree, 'shared.bin'), SHARED_MIB);
    else await exec(['ln', join(source, 'Core/shared.bin'), join(tree, 'shared.bin')]);
    await random(join(tree, `${edition}.bin`), EDITION_MIB);
    await wim.addFolder(tree, edition);
    wim.setProperty(index + 1, 'WINDOWS/ARCH', '9');
    wim.setProperty(index + 1, 'WINDOWS/EDITIONID', edition);
  }
  await wim.write(path);
  await rm(source, { recursive: true });
}

async function random(path: string, mebibytes: number): Promise<void> {
  await exec(['dd', 'if=/dev/urandom', `of=${path}`, 'bs=1M', `count=${mebibytes}`, 'status=none']);
}

async function writeProject(folder: string, iso: string): Promise<string> {
  const steps = [{ step: 'format-and-partition-disk' }, { step: 'apply-operating-system', image: 'windows' }];
  const project = {
    formatVersion: 1,
    name: 'Bench',
    bootEnvironment: 'winpe',
    winpe: { source: iso },
    images: [{ name: 'windows', source: iso, image: 'Professional' }],
    sequences: ['install.yaml'],
    outputs: [{ iso: 'out.iso' }],
  };
  await writeFile(join(folder, 'install.yaml'), JSON.stringify({ formatVersion: 1, id: 's', name: 'S', steps }));
  await writeFile(join(folder, 'media.yaml'), JSON.stringify(project));
  return join(folder, 'media.yaml');
}

/** What we add to the boot image, taken out of one of ours: the yardstick adds the same. */
async function writeCommands(folder: string, project: string): Promise<string> {
  await exec([process.execPath, MAIN, 'build', project]);
  const added = join(folder, 'added');
  await extractFromArchive({ archive: join(folder, 'out.iso'), paths: ['sources/boot.wim'], folder: added }, exec);
  using wim = await WimFile.open(join(added, 'sources/boot.wim'));
  await wim.extractPaths(2, ['/mediasmith', '/Windows/System32/winpeshl.ini'], join(added, 'files'));
  const path = join(folder, 'commands');
  const adds = ['mediasmith', 'Windows'].map((name) => `add '${join(added, 'files', name)}' '/${name}' --no-acls`);
  await writeFile(path, [...adds, "rename '/setup.exe' '/setup.exe.orig'", ''].join('\n'));
  return path;
}
