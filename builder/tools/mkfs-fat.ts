import type { Argv, Exec } from '../../runtime/host/exec.ts';
import { unpackedProgram } from './unpacked-program.ts';

export type FatVolume = {
  root: string;
  output: string;
  /** A multiple of 1024. */
  bytes: number;
  /** Eight hexadecimal digits. */
  volumeId: string;
  label: string;
};

/** Writes a new file with an empty FAT volume; the same options give the same bytes. */
export async function makeFatVolume(options: FatVolume, exec: Exec): Promise<void> {
  // mkfs.fat would take a time of the caller's from here, and --invariant has one already.
  await exec(makeFatVolumeArgv(options), { env: { SOURCE_DATE_EPOCH: '0' } });
}

export function makeFatVolumeArgv({ root, output, bytes, volumeId, label }: FatVolume): Argv {
  const size = String(bytes / 1024);
  return [
    ...unpackedProgram(root, 'usr/sbin/mkfs.fat'),
    '--invariant',
    '-i',
    volumeId,
    '-n',
    label,
    '-C',
    output,
    size,
  ];
}
