import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { listFat } from '../../builder/tools/mtools.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { runMedium } from '../../runtime/engine/run-medium.ts';
import { exec } from '../../runtime/host/exec.ts';
import { mountVolume } from '../../runtime/platform/linux/mount.ts';
import { type DiskPartition, readTable } from '../helpers/e2e-disk.ts';
import { logsOf } from '../helpers/e2e-events.ts';
import { GIB, type MachineRun, MEMORY_MIB, runToEnd } from '../helpers/e2e-machine.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import type { WrittenSequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { outcomes } from '../helpers/run.ts';
import { windowsMachine } from '../helpers/windows-machine.ts';

const scratch = useScratchFolder();
const SYSTEM = { manufacturer: 'Stand-in', product: 'Model', serial: 'SERIAL-1' };
const ENTRY = '{0f9a5c1e-1111-2222-3333-444455556666}';
const SECTOR_BYTES = 512;
const SEQUENCE: WrittenSequence = {
  formatVersion: 2,
  id: 'from-windows',
  name: 'From Windows',
  startsIn: 'full-os',
  onSuccess: 'shutdown',
  onFailure: 'shutdown',
  steps: [
    { step: 'set-variable', variable: 'Colour', value: 'green' },
    { step: 'restart-computer', target: 'winpe' },
    { step: 'run-command-line', name: 'Say it', command: ['echo', 'colour %Colour%, %_SMSTSInWinPE%'] },
  ],
};

let disk: string;
let before: RunEvent[];
let after: MachineRun;
/** What the firmware remembers. */
let variables: string;

beforeAll(async () => {
  const { iso } = await buildTestMedium(scratch('medium'), { sequences: [SEQUENCE] });
  const windows = await inWindows(iso);
  before = windows.events;
  disk = scratch('disk.img');
  await makeDisk(windows);
  variables = await withBootEntry();
  const disks = [
    { path: disk, bus: 'ahci' as const },
    { path: iso, bus: 'usb' as const },
  ];
  const folder = scratch('machine');
  after = await runToEnd({ firmware: 'uefi', disks, system: SYSTEM, folder, earlierVariables: variables });
  variables = join(folder, 'firmware-variables.fd');
});

/** The part in Windows: our platform over folders, with a list in the place of Windows' programs. */
async function inWindows(iso: string) {
  const here = await windowsMachine({
    folder: scratch('drives'),
    answers: { smbios: () => smbiosOf(SYSTEM.serial) },
    says: (line) => (line.startsWith('bcdedit /copy') ? `copied to ${ENTRY}` : undefined),
  });
  await exec(['xorriso', '-osirrox', 'on', '-indev', iso, '-extract', '/', here.drive('D')]);
  await mkdir(here.drive('S'));
  const events: RunEvent[] = [];
  await runMedium({
    ...{ platform: here.platform, exec, ask: undefined, logFile: join(here.drive('C'), 'smsts.log') },
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    wait: async () => undefined,
  });
  return { events, system: here.drive('S'), windows: here.drive('C') };
}

/** The disk as this Windows leaves it, with a script that the firmware's own shell finds. */
async function makeDisk({ system, windows }: { system: string; windows: string }): Promise<void> {
  await createDisk(disk, GIB);
  const script = scratch('table');
  await writeFile(script, 'label: gpt\nsize=200MiB, type=uefi\ntype=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7\n');
  await exec(['sh', '-c', 'sfdisk --quiet "$1" < "$2"', 'sh', disk, script]);
  const add = `bcfg boot add 0 fs0:\\EFI\\Mediasmith\\shimx64.efi "Mediasmith"`;
  await writeFile(join(system, 'startup.nsh'), `${add}\r\nrm fs0:\\startup.nsh\r\nreset\r\n`);
  const fat = await partitionAt(0);
  await exec([
    'mkfs.fat',
    '-F',
    '32',
    '-s',
    '1',
    '--offset',
    String(fat.start),
    disk,
    String((fat.size * SECTOR_BYTES) / 1024),
  ]);
  const names = (await readdir(system)).map((name) => join(system, name));
  await exec(['mcopy', '-s', '-i', fat.image, ...names, '::/'], {
    env: { MTOOLSRC: '/dev/null', MTOOLS_SKIP_CHECK: '1' },
  });
  await onWindows((device) => exec(['mkntfs', '--quick', '--force', device]));
  await onWindows(async (device) => {
    await using mounted = await mountVolume(exec, 'ntfs', device, 'write');
    await cp(windows, mounted.path, { recursive: true });
  });
}

/** The firmware with an entry as bcdedit makes it: a disk that has nothing else to start comes to the shell. */
async function withBootEntry(): Promise<string> {
  const disks = [{ path: disk, bus: 'ahci' as const }];
  await using machine = await VirtualMachine.start({
    ...{ firmware: 'uefi', disks, memoryMiB: MEMORY_MIB },
    folder: scratch('shell'),
  });
  const end = await machine.exited;
  expect(end.reason, machine.lines().slice(-20).join('\n')).toBe('guest-reset');
  return machine.variables;
}

/** A partition of the disk, and what mtools calls it. */
async function partitionAt(index: number): Promise<DiskPartition & { image: string }> {
  const partition = (await readTable(disk)).partitions[index];
  if (partition === undefined) throw new Error(`no partition ${index}`);
  return { ...partition, image: `${disk}@@${partition.start * SECTOR_BYTES}` };
}

/** The volume of Windows as a block device that can be written. */
async function onWindows<T>(work: (device: string) => Promise<T>): Promise<T> {
  const { start, size } = await partitionAt(1);
  const place = ['--offset', String(start * SECTOR_BYTES), '--sizelimit', String(size * SECTOR_BYTES)];
  const device = (await exec(['losetup', '--find', '--show', ...place, disk])).stdout.trim();
  try {
    return await work(device);
  } finally {
    await exec(['losetup', '--detach', device]);
  }
}

/** RawSMBIOSData with one structure: the system, of which the serial number alone is said. */
function smbiosOf(serial: string): Buffer {
  const system = Buffer.alloc(0x1b);
  system.set([1, system.length], 0);
  system[7] = 1;
  const table = Buffer.concat([system, Buffer.from(`${serial}\0\0`, 'latin1')]);
  const header = Buffer.from([0, 3, 2, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(table.length, 4);
  return Buffer.concat([header, table]);
}

describe('from Windows into Linux on the disk', () => {
  it('Windows leaves for the boot environment', () => {
    expect(before.at(-1)).toMatchObject({ event: 'finished', outcome: 'succeeded', continues: 'winpe' });
  });

  it('the firmware starts Linux from the disk, which finds the state on the volume of Windows and goes on', () => {
    expect(after.finished.error).toBeUndefined();
    expect(outcomes(after.events)).toEqual(['Say it succeeded']);
    expect(logsOf(after.events, 'run-command-line')).toContain('colour green, true');
    expect(after.finished).toMatchObject({ outcome: 'succeeded', action: 'shutdown' });
  });

  it('at the end nothing of it is on the disk', async () => {
    const { image } = await partitionAt(0);
    expect(await listFat(image, '', exec)).toEqual([]);
    await onWindows(async (device) => {
      await using mounted = await mountVolume(exec, 'ntfs', device, 'read');
      expect(await readdir(mounted.path)).not.toContain('_SMSTaskSequence');
    });
  });

  it('and the firmware has forgotten its entry', async () => {
    await using machine = await VirtualMachine.start({
      ...{ firmware: 'uefi', earlierVariables: variables, memoryMiB: MEMORY_MIB },
      ...{ disks: [{ path: disk, bus: 'ahci' }], folder: scratch('again') },
    });
    await machine.waitForLine(/EFI Internal Shell/, { seconds: 120 });
    expect(machine.lines().join('\n')).not.toContain('"Mediasmith"');
  });
});
