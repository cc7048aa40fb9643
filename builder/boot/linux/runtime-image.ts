import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../../runtime/host/exec.ts';
import { cachedFolder } from './cached-folder.ts';
import { type CpioEntry, cpioArchive } from './cpio.ts';
import { makeRuntimeExecutable, type RuntimeSources } from './runtime-executable.ts';
import { zstd } from './zstd.ts';

const PLACE = 'usr/lib/mediasmith';
/**
 * The last file of the initramfs. A kernel short of memory goes on with a truncated one, so init looks for this file
 * before it trusts anything else.
 */
const SENTINEL: CpioEntry = { kind: 'file', path: `${PLACE}/whole`, data: Buffer.from('whole\n') };

/** The second half of the initramfs: our runtime. It changes with every change of our code, the first half seldom. */
export function runtimeImageFile(folder: string, sources: RuntimeSources): string {
  return join(folder, 'runtime', sources.key, 'runtime.img');
}

/** Makes the runtime image unless the cache has it. `root` holds the binutils. */
export async function makeRuntimeImage(
  options: { folder: string; root: string; sources: RuntimeSources },
  exec: Exec,
): Promise<void> {
  const { root, sources } = options;
  await cachedFolder(join(options.folder, 'runtime', sources.key), async (temporary) => {
    const build = join(temporary, 'build');
    await mkdir(build);
    await makeRuntimeExecutable({ sources, root, folder: build }, exec);
    const archive = cpioArchive(
      [
        {
          kind: 'file',
          path: `${PLACE}/mediasmith`,
          executable: true,
          data: await readFile(join(build, 'mediasmith')),
        },
        { kind: 'file', path: `${PLACE}/koffi.node`, data: await readFile(join(build, 'koffi.node')) },
      ],
      SENTINEL,
    );
    await writeFile(join(temporary, 'runtime.img'), await zstd(archive, 9));
    await rm(build, { recursive: true });
  });
}
