import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { asStick, type LoopStick, loopStick, resize, scriptedLsblk } from '../contract/usb-devices-loop.ts';
import { nvme } from '../unit/builder/usb/listings.ts';
import { temporaryFolder } from './temporary-folder.ts';

const STICK_BYTES = 512 * 1024 ** 2;
/** The serials that the guides have. */
export const SERIALS = ['4C530001230904117223', '4C530001230904117224'];
/** Where the one volume of a stick begins. */
export const VOLUME = '@@1M';

/** Instead of mounting the stick its files are copied out: not every kernel has FAT. First a PC leaves its result on it. */
const MOUNT = `#!/bin/sh
set -e
[ "$1" = -o ] && [ $# = 4 ]
mkdir -p "$4/pc"
echo '{}' > "$4/pc/result.json"
mmd -D s -i "$3${VOLUME}" ::mediasmith/results || true
mcopy -D o -s -i "$3${VOLUME}" "$4/pc" ::mediasmith/results/
mcopy -s -i "$3${VOLUME}" ::mediasmith "$4"
`;
const UMOUNT = '#!/bin/sh\nrm -rf "$1"\n';

/** Loop devices with the guides' serials, and a path on which lsblk and mount are stand-ins. */
export async function sticksOnPath(count: number): Promise<{ sticks: LoopStick[]; path: string }> {
  const sticks: LoopStick[] = [];
  for (const _ of SERIALS.slice(0, count)) {
    const stick = await loopStick();
    await resize(stick, STICK_BYTES);
    sticks.push(stick);
  }
  const entries = sticks.map((stick, index) => asStick(stick, { size: STICK_BYTES, serial: SERIALS[index] }));
  const { env } = await scriptedLsblk(nvme, ...entries);
  const programs = await temporaryFolder();
  for (const [name, text] of Object.entries({ mount: MOUNT, umount: UMOUNT })) {
    await writeFile(join(programs, name), text);
    await chmod(join(programs, name), 0o755);
  }
  return { sticks, path: [programs, env.PATH].join(delimiter) };
}

export function deviceOf([stick]: readonly LoopStick[]): string {
  return stick?.device ?? '';
}
