import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMediasmithError, MediasmithError } from '../../../runtime/contract/errors.ts';
import type { WimFile } from '../../../runtime/wim/wim-file.ts';
import type { WimImage } from '../../../runtime/wim/wim-image.ts';
import { type PeMachine, readHeaders } from '../../pe/pe-headers.ts';
import { openWorkspace } from '../../workspace.ts';
import { SYSTEM32 } from './boot-image.ts';
import type { WindowsArchitecture } from './windows-packages.ts';

/** What every WinPE starts with. The boot manager starts the loader of the second folder. */
const FOLDERS = [SYSTEM32, `${SYSTEM32}/Boot`];
const STARTED_FIRST = /\/(winpeshl\.exe|wpeinit\.exe|winload\.(efi|exe))$/i;

/**
 * Throws `ARCHITECTURE_MISMATCH` where the programs of an image are for another processor than its XML says, which anybody
 * can edit.
 */
export async function refuseOtherMachine(
  wim: WimFile,
  path: string,
  image: WimImage,
  { architecture, signal }: { architecture: WindowsArchitecture; signal: AbortSignal },
): Promise<void> {
  const programs = await programsOf(wim, image.index);
  if (programs.length === 0) return;
  await using scratch = await openWorkspace(tmpdir());
  await wim.extractPaths(image.index, programs, scratch.folder, { signal });
  const others: string[] = [];
  for (const program of programs) {
    const machine = machineOf(await readFile(join(scratch.folder, program)), program);
    if (machine !== undefined && machine !== architecture) others.push(`${program.slice(1)}: ${machine}`);
  }
  if (others.length === 0) return;
  const what = `image ${image.index} "${image.name}" of ${path}`;
  throw new MediasmithError('ARCHITECTURE_MISMATCH', `${what} says that it is for ${architecture}, and is not`, {
    where: path,
    lines: others,
    hint: 'Take the boot.wim from its source again: what its XML says of it was changed, or files of another Windows were put in.',
  });
}

async function programsOf(wim: WimFile, index: number): Promise<string[]> {
  const programs: string[] = [];
  for (const folder of FOLDERS) {
    if (!(await wim.exists(index, folder))) continue;
    const entries = await wim.listPaths(index, folder);
    programs.push(...entries.map(({ path }) => path).filter((path) => STARTED_FIRST.test(path)));
  }
  return programs;
}

/** Undefined for a file that is no program: it says nothing. */
function machineOf(file: Uint8Array, where: string): PeMachine | undefined {
  try {
    return readHeaders(file, where).machine;
  } catch (error) {
    if (isMediasmithError(error)) return undefined;
    throw error;
  }
}
