import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Exec } from '../../../runtime/host/exec.ts';
import type { CpioEntry } from '../../tools/cpio.ts';
import { depmod } from '../../tools/kmod.ts';
import { unpackXz } from '../../tools/xz.ts';
import { selectModules } from './kernel-modules.ts';

/** What depmod reads beside the modules themselves. */
const KERNEL_LISTS = ['modules.order', 'modules.builtin', 'modules.builtin.modinfo'];
/** What busybox's modprobe reads: text; the binary indexes are for kmod alone. */
const INDEXES = ['modules.dep', 'modules.alias', 'modules.symbols', 'modules.softdep'];

/**
 * The kernel modules of the boot environment, uncompressed because their signatures lie inside, with indexes of their
 * own. `workspace` is filled with intermediate files. With `also`, patterns of further modules, those alone come back
 * and indexes over them and all the others: an archive that is laid over the boot environment.
 */
export async function kernelModuleEntries(
  options: { root: string; release: string; workspace: string; also?: readonly string[] },
  exec: Exec,
): Promise<CpioEntry[]> {
  const { root, release, workspace, also = [] } = options;
  const folder = join('lib/modules', release);
  const source = join(root, 'usr', folder);
  await depmod({ root, base: join(root, 'usr'), release, output: join(workspace, 'all') }, exec);
  const dependencies = await readFile(join(workspace, 'all', folder, 'modules.dep'), 'utf8');
  const softDependencies = await readFile(join(workspace, 'all', folder, 'modules.softdep'), 'utf8');
  const modules = selectModules(dependencies, softDependencies, also);
  const present = new Set(also.length === 0 ? [] : selectModules(dependencies, softDependencies));
  const chosen = join(workspace, 'chosen', folder);
  for (const module of modules) {
    await mkdir(join(chosen, dirname(module)), { recursive: true });
    await copyFile(join(source, `${module}.xz`), join(chosen, `${module}.xz`));
  }
  const compressed = modules.map((module) => join(chosen, `${module}.xz`));
  await unpackXz(root, compressed, exec);
  for (const list of KERNEL_LISTS) await copyFile(join(source, list), join(chosen, list));
  await depmod({ root, base: join(workspace, 'chosen'), release }, exec);
  const added = modules.filter((module) => !present.has(module));
  const files = [...added, ...(await readdir(chosen)).filter((name) => INDEXES.includes(name))];
  return Promise.all(
    files.map(async (file) => ({
      kind: 'file' as const,
      path: join('usr', folder, file),
      data: await readFile(join(chosen, file)),
    })),
  );
}
