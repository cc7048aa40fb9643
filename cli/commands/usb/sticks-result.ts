import type { UsbDevice } from '../../../builder/usb/usb-device.ts';
import type { WrittenStick } from '../../../builder/writers/usb/sticks.ts';
import { formatBytes } from '../../../runtime/contract/format-bytes.ts';
import type { CommandResult } from '../../session.ts';

/**
 * What was written, of one stick plainly and of several with their sums. Several are written at once, so their seconds
 * are those of the slowest.
 */
export function sticksResult(written: readonly WrittenStick[], devices: readonly UsbDevice[]): CommandResult {
  const [first] = written;
  const document = written.length === 1 && first !== undefined ? first : { ...sums(written), sticks: written };
  const text = written.map((stick) => describeStick(stick, devices)).join('');
  return { document, text };
}

function sums(written: readonly WrittenStick[]): Omit<WrittenStick, 'device'> {
  const sum = (bytesOf: (stick: WrittenStick) => number): number =>
    written.reduce((total, stick) => total + bytesOf(stick), 0);
  return {
    bytesWritten: sum(({ bytesWritten }) => bytesWritten),
    bytesVerified: sum(({ bytesVerified }) => bytesVerified),
    seconds: Math.max(0, ...written.map(({ seconds }) => seconds)),
  };
}

function describeStick(
  { device, bytesWritten, bytesVerified, seconds }: WrittenStick,
  devices: readonly UsbDevice[],
): string {
  const serial = devices.find((candidate) => candidate.device === device)?.serial ?? '';
  const name = serial === '' ? device : `${device} (serial ${serial})`;
  const read = `${formatBytes(bytesVerified)} read back and compared`;
  return `${name}: ${formatBytes(bytesWritten)} written, ${read}, in ${seconds.toFixed(1)} s\n`;
}
