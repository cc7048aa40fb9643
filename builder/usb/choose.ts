import { MediasmithError } from '../../runtime/contract/errors.ts';
import { describeDevice, describeDevices, type UsbDevice } from './usb-device.ts';

/** The disks a person has named. */
export type NamedDevices = { serials: readonly string[]; devicePaths: readonly string[] };

const LIST_HINT = '"mediasmith usb list" shows the disks with their serials.';

/**
 * The disks that were named, in that order. `DEVICE_NOT_FOUND` for one that is not there, `DEVICE_REFUSED` for one that
 * may not be written, `USAGE` for one that is named twice. Paths are compared as they are: follow links before.
 */
export function chooseDevices(devices: readonly UsbDevice[], { serials, devicePaths }: NamedDevices): UsbDevice[] {
  const chosen = [
    ...serials.map((serial) => withSerial(devices, serial)),
    ...devicePaths.map((path) => withPath(devices, path)),
  ];
  const twice = chosen.find((device, index) => chosen.indexOf(device) !== index);
  if (twice !== undefined) {
    throw new MediasmithError('USAGE', `${twice.device} is named twice`, { hint: 'Name each disk once.' });
  }
  const refused = chosen.filter((device) => device.refused !== null);
  const [first] = refused;
  if (first === undefined) return chosen;
  const what = refused.length === 1 ? `${first.device} is refused: ${first.refused}` : 'several disks are refused';
  throw new MediasmithError('DEVICE_REFUSED', what, {
    where: first.device,
    lines: refused.length === 1 ? [describeDevice(first)] : describeDevices(refused),
    hint: `Nothing was written. ${LIST_HINT}`,
  });
}

/** Of several with one serial, the one that is no empty slot; where that leaves several, each is refused already. */
function withSerial(devices: readonly UsbDevice[], serial: string): UsbDevice {
  const matching = devices.filter((device) => device.serial === serial && serial !== '');
  const device = matching.find(({ bytes }) => bytes > 0) ?? matching[0];
  if (device !== undefined) return device;
  throw notFound(devices, serial, `no disk has the serial "${serial}"`);
}

function withPath(devices: readonly UsbDevice[], path: string): UsbDevice {
  const device = devices.find((candidate) => candidate.device === path);
  if (device !== undefined) return device;
  const whole = devices.find(({ contents }) => contents.some((content) => content.device === path));
  if (whole === undefined) throw notFound(devices, path, `${path} is no disk of this machine`);
  throw notFound(devices, path, `${path} is a partition: name the whole disk, ${whole.device}`);
}

function notFound(devices: readonly UsbDevice[], where: string, message: string): MediasmithError {
  return new MediasmithError('DEVICE_NOT_FOUND', message, {
    where,
    lines: ['These are there:', ...describeDevices(devices)],
    hint: `Nothing was written. ${LIST_HINT}`,
  });
}
