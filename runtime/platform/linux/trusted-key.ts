import { readFile } from 'node:fs/promises';
import { MediasmithError } from '../../contract/errors.ts';
import { isSigned } from './boot-options.ts';

/**
 * The key in the boot environment. `SIGNATURE_INVALID` where the boot menu says that there is one: the kernel goes on
 * without a file it has no memory for, and a script for iPXE may have forgotten it.
 */
export async function readTrustedKey(file: string, commandLine: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (!isSigned(commandLine) && cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      return undefined;
    throw new MediasmithError('SIGNATURE_INVALID', 'the key of those who sign this medium was not loaded', {
      where: file,
      hint: 'Let the boot menu load boot/initrd-key.img; a computer with too little memory leaves it out.',
      cause,
    });
  }
}
