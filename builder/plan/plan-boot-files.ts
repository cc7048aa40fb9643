import { needsNetwork } from '../needs-network.ts';
import type { ResolvedProject } from '../resolve/resolved-project.ts';
import type { PlannedFile } from './planned-file.ts';

/** The Linux boot environment, a little above what it is: it grows with Debian's kernel and with Node. */
const LINUX_BYTES = 64 * 1024 ** 2;
/** Drivers of network cards. */
const LINUX_NETWORK_BYTES = 8 * 1024 ** 2;
/** The Windows runtime, which compresses to a third, and boot files with their fonts. */
const WINPE_RUNTIME_BYTES = 60 * 1024 ** 2;
const WINPE_BOOT_FILES_BYTES = 24 * 1024 ** 2;

/** The boot environment's files before they are made: sizes are upper bounds. */
export function planBootFiles({ project, winpe }: ResolvedProject): PlannedFile[] {
  if (winpe === undefined) {
    const bytes = LINUX_BYTES + (needsNetwork(project) ? LINUX_NETWORK_BYTES : 0);
    return [{ path: 'boot/', bytes, from: 'the Linux boot environment', how: 'made' }];
  }
  const { options, bytes, drivers, files } = winpe;
  const added = [...drivers, ...(files === undefined ? [] : [files])].reduce((sum, item) => sum + item.bytes, 0);
  return [
    { path: 'sources/boot.wim', bytes: bytes + added + WINPE_RUNTIME_BYTES, from: options.source, how: 'customised' },
    { path: 'boot/, efi/, bootmgr', bytes: WINPE_BOOT_FILES_BYTES, from: options.source, how: 'made' },
  ];
}
