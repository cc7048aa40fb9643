import { describeContents, describeDevice, type UsbDevice } from '../../../builder/usb/usb-device.ts';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { Prompter } from './prompter.ts';

/**
 * Shows each disk with what is on it and what would happen to it, and lets a person type its serial, or its path where it has none. `USAGE` for
 * everything else that is typed.
 */
export async function confirmDevices(
  devices: readonly UsbDevice[],
  warning: string,
  { show, input }: Prompter,
): Promise<void> {
  for (const device of devices) {
    show(
      [describeDevice(device), ...describeContents(device).map((line) => `  ${line}`), `  ${warning}`, ''].join('\n'),
    );
    const [what, expected] = device.serial === '' ? ['path', device.device] : ['serial', device.serial];
    const typed = await input(`Type the ${what} of this disk to go on:`);
    if (typed === expected) continue;
    throw new MediasmithError('USAGE', `what was typed is not the ${what} of ${device.device}`, {
      where: device.device,
      hint: 'Nothing was written.',
    });
  }
}
