import type { VolumeFormat } from '../volume.ts';
import { bytesFor, format } from './format.ts';
import { open } from './open.ts';

/** FAT32 as Microsoft's FAT specification has it, with long names. */
export const FAT32: VolumeFormat = { kind: 'fat32', bytesFor, format, open };
