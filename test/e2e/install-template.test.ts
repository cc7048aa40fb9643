import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import { newSequence } from '../../builder/templates.ts';
import { decodeRecords } from '../../runtime/engine/journal/records.ts';
import { readTable, withPartition } from '../helpers/e2e-disk.ts';
import { GIB, type MachineRun, runToEnd } from '../helpers/e2e-machine.ts';
import { readNtfsFile } from '../helpers/e2e-ntfs.ts';
import { expectStart } from '../helpers/e2e-power-cut.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { IMAGE, type WrittenSequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { outcomes } from '../helpers/run.ts';

const scratch = useScratchFolder();
const VALUES = {
  image: IMAGE,
  memory: '512 MB',
  minimumDiskSize: '2 GB',
  model: 'Standard PC*',
  computerName: 'E2E-02',
};
const WINDOWS_PARTITION = 2;

/** A small machine with a virtual disk gets what the template gives every PC. */
describe('the template that installs an image', () => {
  let run: MachineRun;
  let disk: string;

  beforeAll(async () => {
    const folder = scratch('install');
    await mkdir(join(folder, 'run'), { recursive: true });
    const out = join(folder, 'install.yaml');
    const { sequence, needs } = await newSequence('install-image', { out, values: new Map(Object.entries(VALUES)) });
    const applications = needs.applications.map((name) => ({ name, package: `${name}-files`, command: ['setup.exe'] }));
    const { iso } = await buildTestMedium(join(folder, 'medium'), {
      sequences: [sequence as unknown as WrittenSequence],
      packages: [...needs.packages, ...applications.map((application) => application.package)],
      applications,
    });
    disk = join(folder, 'disk.img');
    await createDisk(disk, 4 * GIB);
    run = await runToEnd({
      firmware: 'uefi',
      folder: join(folder, 'run'),
      medium: { path: iso, as: 'cdrom' },
      disks: [{ path: disk, bus: 'ahci' }],
    });
  });

  it('deploys up to the restart into the installed Windows', () => {
    expect(run.finished.error).toBeUndefined();
    expect(run.finished).toMatchObject({ outcome: 'succeeded', action: 'restart', continues: 'full-os' });
    expect(outcomes(run.events).filter((end) => !end.endsWith(' skipped'))).toEqual([
      'Check Readiness succeeded',
      'Format and Partition Disk succeeded',
      'Apply Operating System Image succeeded',
      'Apply Windows Settings succeeded',
      'Apply Network Settings succeeded',
      'Drivers by the name of the model succeeded',
      'Setup Windows succeeded',
    ]);
  });

  it('leaves the runtime, its hook and its state where the installed Windows goes on with them', async () => {
    const table = await readTable(disk);
    const windows = table.partitions[WINDOWS_PARTITION];
    if (windows === undefined) throw new Error('the disk has no Windows partition');
    const read = (path: string) =>
      withPartition(disk, windows, (device) => readNtfsFile(device, path, join(scratch('install'), 'read')));
    expect((await read('_SMSTaskSequence/bin/mediasmith.exe')).subarray(0, 2).toString('latin1')).toBe('MZ');
    expect((await read('Windows/Setup/Scripts/SetupComplete.cmd')).toString('latin1')).toContain('mediasmith.exe');
    const records = decodeRecords(await read('_SMSTaskSequence/journal')) ?? [];
    expect(records.at(-1)).toEqual({ record: 'restart', into: 'full-os', left: true });
    expect((await read('Windows/Panther/unattend.xml')).toString('utf8')).toContain('E2E-02');
  });

  it('leaves a disk that starts Windows', () => expectStart(disk, scratch('install', 'deployed')));
});
