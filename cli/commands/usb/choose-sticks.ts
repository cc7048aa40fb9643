import { realpath } from 'node:fs/promises';
import { notAMedium } from '../../../builder/inspect/medium-files.ts';
import { chooseDevices } from '../../../builder/usb/choose.ts';
import { listDevices } from '../../../builder/usb/devices.ts';
import { refuseWithoutRights } from '../../../builder/usb/held-device.ts';
import { describeDevices, type UsbDevice } from '../../../builder/usb/usb-device.ts';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { confirmDevices } from './confirm.ts';
import type { Prompter } from './prompter.ts';

export type StickNames = { serial?: readonly string[]; device?: readonly string[]; yes?: boolean };

export type ChooseContext = { exec: Exec; signal: AbortSignal; prompter: Prompter | undefined };

const NO_CHANGE = 'Nothing was written.';

/**
 * The sticks a person has named and confirmed, by typing or by `--yes` with the serials. Everything that can be found
 * wrong is found before anybody is asked. Nothing is opened for writing.
 */
export async function chooseSticks(
  medium: string,
  { serial = [], device = [], yes = false }: StickNames,
  warning: string,
  { exec, signal, prompter }: ChooseContext,
): Promise<UsbDevice[]> {
  if (yes) refuseUnnamed(serial, device);
  else if (prompter === undefined) throw answersMissing(serial, device);
  const source = await realpath(medium).catch((cause) => {
    throw notAMedium(medium, 'cannot be opened', `${NO_CHANGE} Check the path and that it can be read.`, cause);
  });
  const devices = await listDevices(exec, signal);
  if (serial.length + device.length === 0) throw nothingNamed(devices);
  const devicePaths = await Promise.all(device.map((path) => realpath(path).catch(() => path)));
  const chosen = chooseDevices(devices, { serials: serial, devicePaths });
  for (const stick of chosen) refuseOntoItself(source, stick);
  await refuseWithoutRights(chosen);
  if (!yes && prompter !== undefined) await confirmDevices(chosen, warning, prompter);
  return chosen;
}

function refuseUnnamed(serial: readonly string[], device: readonly string[]): void {
  if (serial.length > 0 && device.length === 0) return;
  const what = device.length === 0 ? '--serial is missing' : '--device does not do';
  throw new MediasmithError('USAGE', `with --yes each disk is named by its serial: ${what}`, {
    hint: `${NO_CHANGE} Add --serial <serial>: "mediasmith usb list" shows it. A disk without one asks for its path on a terminal.`,
  });
}

function answersMissing(serial: readonly string[], device: readonly string[]): MediasmithError {
  const flags = [...(serial.length > 0 && device.length === 0 ? [] : ['--serial <serial>']), '--yes'];
  return new MediasmithError('ANSWER_MISSING', 'there is no terminal to ask for a confirmation', {
    lines: [`missing: ${flags.join(' ')}`],
    hint: `${NO_CHANGE} Name the disks by --serial, and confirm with --yes.`,
  });
}

function nothingNamed(devices: readonly UsbDevice[]): MediasmithError {
  return new MediasmithError('USAGE', 'no disk is named', {
    lines: ['These are there:', ...describeDevices(devices)],
    hint: `${NO_CHANGE} Add --serial <serial>, or --device <path> for a disk without one.`,
  });
}

function refuseOntoItself(source: string, { device, contents }: UsbDevice): void {
  if (source !== device && contents.every((content) => content.device !== source)) return;
  throw new MediasmithError('USAGE', `${device} is the medium itself`, { where: device, hint: NO_CHANGE });
}
