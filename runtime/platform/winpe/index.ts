import type { Exec } from '../../host/exec.ts';
import type { Platform } from '../platform.ts';

export function winpePlatform(_setup: { exec: Exec }): Platform {
  throw new Error('not here yet');
}
