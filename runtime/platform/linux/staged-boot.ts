import { readFile, rm, writeFile } from 'node:fs/promises';
import type { Exec } from '../../host/exec.ts';
import { fileSystemAt } from '../file-system-at.ts';
import { removeStagedLinux, STAGED_FOLDER } from '../staged-linux.ts';
import { listDisks, partitionsOf } from './block-devices.ts';
import { ATTRIBUTE_BYTES, variableFile } from './firmware.ts';
import type { Roots } from './machine.ts';
import { mountVolume } from './mount.ts';

/**
 * Takes away what a Windows has put onto its EFI system partition to start this boot environment once, and the boot entry
 * of the firmware for it, which is the one this start came from. What cannot be taken away is passed over: Windows does it
 * again when the sequence ends there.
 */
export async function removeStagedBoot(exec: Exec, { sys, dev }: Roots): Promise<void> {
  for (const device of await fatVolumes(sys, dev)) {
    if (!(await holdsStaged(exec, device))) continue;
    await using mounted = await mountVolume(exec, 'fat32', device, 'write');
    await removeStagedLinux(mounted.path);
  }
  await removeBootEntry(sys);
}

async function fatVolumes(sys: string, dev: string): Promise<string[]> {
  const devices: string[] = [];
  for (const { device: disk } of await listDisks(sys, dev)) {
    for (const { device } of await partitionsOf(sys, disk))
      if ((await fileSystemAt(device, 0)) === 'fat32') devices.push(device);
  }
  return devices;
}

async function holdsStaged(exec: Exec, device: string): Promise<boolean> {
  const mounted = await mountVolume(exec, 'fat32', device, 'read').catch(() => undefined);
  if (mounted === undefined) return false;
  try {
    return await mounted.files.exists(STAGED_FOLDER);
  } finally {
    await mounted[Symbol.asyncDispose]();
  }
}

/** Only an entry that names our folder: the number alone could be another's by now. */
async function removeBootEntry(sys: string): Promise<void> {
  const place = (name: string) => variableFile(sys, name);
  const current = await readFile(place('BootCurrent')).catch(() => undefined);
  if (current === undefined || current.length < ATTRIBUTE_BYTES + 2) return;
  const number = current.readUInt16LE(ATTRIBUTE_BYTES);
  const entry = place(`Boot${number.toString(16).toUpperCase().padStart(4, '0')}`);
  const content = await readFile(entry).catch(() => Buffer.alloc(0));
  if (!content.toString('latin1').toLowerCase().includes(firmwarePath())) return;
  await rm(entry, { force: true }).catch(() => undefined);
  const order = await readFile(place('BootOrder')).catch(() => undefined);
  if (order === undefined) return;
  const without = withoutEntry(order, number);
  if (without.length < order.length) await writeFile(place('BootOrder'), without).catch(() => undefined);
}

/** As a boot entry has it: UTF-16, with backslashes. Case is nothing to FAT. */
function firmwarePath(): string {
  return Buffer.from(`\\${STAGED_FOLDER.replaceAll('/', '\\')}\\`.toLowerCase(), 'utf16le').toString('latin1');
}

/** Pure: the content of BootOrder in efivarfs without one number. */
export function withoutEntry(order: Buffer, number: number): Buffer {
  const kept = [order.subarray(0, ATTRIBUTE_BYTES)];
  for (let at = ATTRIBUTE_BYTES; at + 2 <= order.length; at += 2)
    if (order.readUInt16LE(at) !== number) kept.push(order.subarray(at, at + 2));
  return Buffer.concat(kept);
}
