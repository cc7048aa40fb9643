import { cacheFolder } from '../../../builder/cache-folder.ts';
import { type MediumOnDisk, withMedia } from '../../../builder/inspect/medium-on-disk.ts';
import { printable } from '../../../builder/inspect/printable.ts';
import { listDevices } from '../../../builder/usb/devices.ts';
import { describeContents, type UsbDevice } from '../../../builder/usb/usb-device.ts';
import { formatBytes } from '../../../runtime/contract/format-bytes.ts';
import { exec } from '../../../runtime/host/exec.ts';
import type { CommandResult, Session } from '../../session.ts';

type ListedDevice = UsbDevice & { medium?: MediumOnDisk | null };

/** Lists the disks of this machine: those that may be written, then the others with the reason. */
export async function usbList({ signal }: Session): Promise<CommandResult> {
  const found = await listDevices(exec, signal);
  const devices = await withMedia(found, { cacheFolder: cacheFolder(), exec, emit: () => undefined, signal });
  return { document: { devices }, text: describeList(devices) };
}

/** The table for a person, in 80 columns where models and serials allow it. */
export function describeList(devices: readonly ListedDevice[]): string {
  const writable = devices.filter(({ refused }) => refused === null);
  const others = devices.filter(({ refused }) => refused !== null);
  const rows = [...writable, ...others].map((device) => ({ device, cells: cellsOf(device) }));
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = rows.flatMap(({ device, cells }) => [line(cells), ...belowOf(device).map((text) => `    ${text}`)]);
  const none = writable.length === 0 ? ['No disk here can be written: plug in a USB stick or a card.'] : [];
  return [...(rows.length === 0 ? [] : [line(HEADINGS)]), ...lines, ...none, ''].join('\n');
}

const HEADINGS = ['DEVICE', 'SIZE', 'MODEL', 'SERIAL'];

function cellsOf({ device, bytes, model, serial }: UsbDevice): string[] {
  return [device, formatBytes(bytes), model || '-', serial || '-'];
}

function belowOf(device: ListedDevice): string[] {
  const medium = device.medium === undefined || device.medium === null ? [] : describeMedium(device.medium);
  return [...medium, ...(device.refused === null ? describeContents(device) : [`refused: ${device.refused}`])];
}

function describeMedium({ id, name, builtBy, record }: MediumOnDisk): string[] {
  const built = record === undefined ? `made by ${builtBy}` : `built ${record.at} by ${record.by}, ${builtBy}`;
  return [`medium "${printable(name)}", ${id}`, `  ${printable(built)}`];
}
