import type { Exec } from '../../../../runtime/host/exec.ts';
import { cpioArchive } from '../../../tools/cpio.ts';
import { textFile } from '../userland.ts';

/** Where init looks for a keymap. */
const KEYMAP_FILE = 'usr/lib/mediasmith/keymap';

/** A small initramfs with a keymap, so that the boot environment's own is the same for every layout. `workspace` exists. */
export function makeKeyboardImage(
  { keymap, workspace }: { keymap: string; workspace: string },
  exec: Exec,
): Promise<Buffer> {
  return cpioArchive({ entries: [textFile(KEYMAP_FILE, keymap)], workspace }, exec);
}
