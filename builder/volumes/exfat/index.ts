import type { VolumeFormat } from '../volume.ts';
import { bytesFor, format } from './format.ts';
import { open } from './open.ts';

/** exFAT as Microsoft's specification has it: what Windows and Linux read without a driver of somebody else. */
export const EXFAT: VolumeFormat = { kind: 'exfat', bytesFor, format, open };
