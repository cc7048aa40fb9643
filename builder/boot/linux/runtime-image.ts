import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../../runtime/host/exec.ts';
import { type CpioEntry, cpioArchive } from '../../tools/cpio.ts';
import { makeRuntimeExecutable, type RuntimeSources } from './runtime-executable.ts';
import { zstd } from './zstd.ts';

/** Where the initramfs has what is ours. */
export const RUNTIME_PLACE = 'usr/lib/mediasmith';
/**
 * The last file of the initramfs. A kernel short of memory goes on with a truncated one, so init looks for this file
 * before it trusts anything else.
 */
const SENTINEL: CpioEntry = { kind: 'file', path: `${RUNTIME_PLACE}/whole`, data: Buffer.from('whole\n') };

/**
 * The second half of the initramfs: our runtime. It changes with every change of our code, the first half seldom.
 * `root` holds the binutils; `workspace` is an existing folder, empty again afterwards.
 */
export async function makeRuntimeImage(
  options: { sources: RuntimeSources; root: string; workspace: string },
  exec: Exec,
): Promise<Buffer> {
  const { sources, root, workspace } = options;
  const build = join(workspace, 'runtime');
  await mkdir(build);
  await makeRuntimeExecutable({ sources, root, folder: build }, exec);
  const [executable, addon] = await Promise.all(
    ['mediasmith', 'koffi.node'].map((name) => readFile(join(build, name))),
  );
  await rm(build, { recursive: true });
  if (executable === undefined || addon === undefined) throw new Error('the runtime was not built');
  const entries: CpioEntry[] = [
    { kind: 'file', path: `${RUNTIME_PLACE}/mediasmith`, executable: true, data: executable },
    { kind: 'file', path: `${RUNTIME_PLACE}/koffi.node`, data: addon },
  ];
  return zstd(await cpioArchive({ entries, last: SENTINEL, workspace }, exec), 9);
}
