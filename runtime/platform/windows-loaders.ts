import { readFile, rm } from 'node:fs/promises';
import { casePath } from './case-path.ts';

/** What firmware starts of a Windows: first what its own boot entry names, then the fallbacks (UEFI specification). */
export const WINDOWS_LOADER = 'EFI/Microsoft/Boot/bootmgfw.efi';
const FALLBACKS = ['EFI/Boot/bootx64.efi', 'EFI/Boot/bootaa64.efi', 'EFI/Boot/bootia32.efi'];
/** The company in the version resource of every boot manager of Windows, and of no loader that Microsoft only signed. */
const MAKER = Buffer.from('Microsoft Corporation', 'utf16le');

/** Removes what starts Windows from a mounted system volume. Loaders of other systems stay. */
export async function removeWindowsLoaders(root: string): Promise<void> {
  const others = await Promise.all(FALLBACKS.map((path) => isOtherLoader(root, path)));
  for (const path of [WINDOWS_LOADER, ...FALLBACKS.filter((_, index) => others[index] === false)])
    await rm((await casePath(root, path)).path, { force: true });
}

/** Whether there is a loader at this path that is none of Windows: another system starts by it. */
export async function isOtherLoader(root: string, path: string): Promise<boolean> {
  const content = await readFile((await casePath(root, path)).path).catch(() => undefined);
  if (content === undefined) return false;
  const windows = await readFile((await casePath(root, WINDOWS_LOADER)).path).catch(() => undefined);
  return windows?.equals(content) !== true && !content.includes(MAKER);
}
