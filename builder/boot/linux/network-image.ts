import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Emit } from '../../../runtime/contract/events.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { cachedFolder, contentKey, keepNewest } from '../../cached-folder.ts';
import { type CpioEntry, cpioArchive } from '../../tools/cpio.ts';
import { refuseDamaged, writeSums } from '../boot-file-sums.ts';
import { kernelModuleEntries } from './kernel-module-entries.ts';
import { MODULES_RECIPE } from './kernel-modules.ts';
import { NETWORK_CARDS, SHARE_MODULES } from './network-modules.ts';
import type { LinuxBootEnvironment } from './prepare.ts';
import { RUNTIME_PLACE } from './runtime-image.ts';
import { textFile } from './userland.ts';
import { zstd } from './zstd.ts';

export type NetworkImageOptions = {
  cacheFolder: string;
  environment: LinuxBootEnvironment;
  exec: Exec;
  emit: Emit;
};

/** Raise it when anything in the making changes that the key does not see. */
const RECIPE = 1;
const KEPT = 2;
const TEMPLATES = fileURLToPath(new URL('../../../templates/linux/', import.meta.url));
const SCRIPTS = ['mount-url', 'udhcpc-script'];
/** Init looks for it: as the last file of the archive it proves that all of it was unpacked. */
const LAST = 'network';

/**
 * A second initramfs, laid over the boot environment where the medium is on a web server or a share: drivers of network
 * cards, the file system of shares and what brings the network up. Sticks and discs do without it. Kept in the cache by content.
 */
export async function prepareNetworkImage(options: NetworkImageOptions): Promise<string> {
  const { cacheFolder, environment, exec, emit } = options;
  const { root, kernelRelease } = environment;
  const folder = join(cacheFolder, 'linux-boot');
  const texts = await Promise.all([...SCRIPTS, LAST].map((name) => readFile(join(TEMPLATES, name), 'utf8')));
  // The folder of the unpacked packages is named by their content.
  const packages = basename(dirname(root));
  const key = contentKey([RECIPE, packages, MODULES_RECIPE, NETWORK_CARDS, SHARE_MODULES, texts]);
  const place = join(folder, 'network', key);
  const file = join(place, 'network.img');
  await cachedFolder(place, async (temporary) => {
    emit({ event: 'log', level: 'info', component: 'boot-environment', message: 'making the network part' });
    const workspace = join(temporary, 'work');
    await mkdir(workspace);
    const also = [...NETWORK_CARDS, ...SHARE_MODULES];
    const entries: CpioEntry[] = [
      ...(await kernelModuleEntries({ root, release: kernelRelease, workspace, also }, exec)),
      ...SCRIPTS.map((name, index) => textFile(`${RUNTIME_PLACE}/${name}`, texts[index] ?? '', true)),
    ];
    const last = textFile(`${RUNTIME_PLACE}/${LAST}`, texts.at(-1) ?? '');
    await writeFile(
      join(temporary, 'network.img'),
      await zstd(await cpioArchive({ entries, last, workspace }, exec), 19),
    );
    await rm(workspace, { recursive: true });
    await writeSums(temporary, { network: join(temporary, 'network.img') });
  });
  await refuseDamaged(folder, place, { network: file });
  await keepNewest(join(folder, 'network'), KEPT);
  return file;
}
