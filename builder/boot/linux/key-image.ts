import type { Exec } from '../../../runtime/host/exec.ts';
import { TRUSTED_KEY_FILE } from '../../../runtime/seal/trusted-key.ts';
import { cpioArchive } from '../../tools/cpio.ts';
import { textFile } from './userland.ts';

/**
 * A small initramfs with the public key of those who sign the medium: the boot environment's own stays the same for every
 * medium. `workspace` is an existing folder.
 */
export function makeKeyImage({ key, workspace }: { key: string; workspace: string }, exec: Exec): Promise<Buffer> {
  return cpioArchive({ entries: [textFile(TRUSTED_KEY_FILE, key)], workspace }, exec);
}
