import type { UsbDevice } from '../../../builder/usb/usb-device.ts';
import { stickName, type WrittenStick } from '../../../builder/writers/usb/sticks.ts';
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

function sums(written: readonly WrittenStick[]): Omit<WrittenStick, 'device' | 'volumeLabel'> {
  const sum = (bytesOf: (stick: WrittenStick) => number): number =>
    written.reduce((total, stick) => total + bytesOf(stick), 0);
  return {
    bytesWritten: sum(({ bytesWritten }) => bytesWritten),
    bytesVerified: sum(({ bytesVerified }) => bytesVerified),
    seconds: Math.max(0, ...written.map(({ seconds }) => seconds)),
    ...(written.some(({ notRead }) => notRead !== undefined) && {
      notRead: {
        files: sum(({ notRead }) => notRead?.files ?? 0),
        bytes: sum(({ notRead }) => notRead?.bytes ?? 0),
      },
    }),
  };
}

function describeStick(
  { device, bytesWritten, bytesVerified, seconds, notRead, volumeLabel }: WrittenStick,
  devices: readonly UsbDevice[],
): string {
  const serial = devices.find((candidate) => candidate.device === device)?.serial ?? '';
  const read = `${formatBytes(bytesVerified)} read back and compared`;
  const lines = [
    `${stickName({ device, serial })}: ${formatBytes(bytesWritten)} written, ${read}, in ${seconds.toFixed(1)} s`,
    ...(notRead === undefined || notRead.files === 0 ? [] : describeNotRead(notRead, device)),
    ...(volumeLabel === undefined ? [] : [`  its volume is named ${volumeLabel}: a stick holds no more of the label`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function describeNotRead({ files, bytes }: NonNullable<WrittenStick['notRead']>, device: string): string[] {
  const what = files === 1 ? '1 file is' : `${files} files are`;
  return [
    `  ${what} the same by both manifests (${formatBytes(bytes)}), and not read: they may be damaged`,
    `  to read them: mediasmith verify ${device}, or usb update --verify`,
  ];
}
