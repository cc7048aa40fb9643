import { describe, expect, it } from 'vitest';
import type { Disk } from '../../../../../runtime/contract/machine.ts';
import { RecordedMachine } from '../../../../../runtime/contract/recorded-machine.ts';
import type { Platform, TargetVolume } from '../../../../../runtime/platform/platform.ts';
import { simulatedExec } from '../../../../../runtime/platform/simulated/exec.ts';
import { simulatedPlatform } from '../../../../../runtime/platform/simulated/index.ts';
import { Recorder } from '../../../../../runtime/platform/simulated/recorder.ts';
import { SimulatedVolumes } from '../../../../../runtime/platform/simulated/volumes.ts';
import { layoutDisk } from '../../../../../runtime/steps/format-and-partition-disk/layout.ts';
import { VolumeWish } from '../../../../../runtime/steps/format-and-partition-disk/schema.ts';
import { linuxSubject } from '../../../../contract/linux-subject.ts';
import { aMachine } from '../../../../helpers/machine.ts';

const NO_GUID = '00000000-0000-0000-0000-000000000000';
const REST = [
  { type: 'primary', name: 'Windows', size: 'rest', quickFormat: false },
  { type: 'recovery', name: 'Recovery', size: '50 MB' },
];
const VOLUMES = {
  gpt: [{ type: 'efi', name: 'System', size: '64 MB' }, { type: 'msr', size: '16 MB' }, ...REST],
  mbr: [{ type: 'primary', name: 'System', size: '64 MB', bootable: true }, ...REST],
};
/** What is written on the system volume, but for the state of the run. */
const COPIED = /^\/tmp\/volume-sda1\/([^:]*(?=: a copy of)|.*BCD$)/;
const ENTIRE_WINDOWS = {
  'Windows/Boot/EFI/bootmgfw.efi': 'loader',
  'Windows/Boot/EFI/de-DE/bootmgr.efi.mui': 'text',
  'Windows/Boot/PCAT/bootmgr': 'loader',
  'Windows/Boot/PCAT/bootnxt': 'loader',
  'Windows/Boot/PCAT/memtest.exe': 'test',
  'Windows/Boot/Fonts/segmono_boot.ttf': 'font',
  'Windows/Boot/Resources/bootres.dll': 'picture',
};

describe.each(['gpt', 'mbr'] as const)('the simulated Linux on a %s disk', (style) => {
  it('runs and writes what the Linux platform does', async () => {
    const real: string[] = [];
    const { platform, disk } = await linuxSubject((argv, input) => {
      for (const line of input.split('\n')) if (line !== '') real.push(`input of ${argv[0]}: ${line}`);
      real.push(argv.join(' '));
    });
    const target = await deploy(platform, disk, style);
    const recorder = new Recorder(new Map());
    await deploy(simulated(recorder, disk), disk, style);
    const deeds = recorder.take();
    const shown = deeds.map((deed) => ('command' in deed ? deed.command : deed.write));
    const commands = shown.filter((line, at) => 'command' in (deeds[at] ?? {}) || line.startsWith('input of '));
    expect(commands.map(plain)).toEqual(real.map(plain));
    expect(commands.length).toBeGreaterThan(40);

    const copied = shown.flatMap((line) => COPIED.exec(line)?.[1]?.replace(/\.pending$/, '') ?? []);
    expect(new Set(copied).size).toBe(6);
    await using system = await platform.mount(target.volumes[0] as TargetVolume, 'read');
    for (const path of copied) expect(await system.files.exists(path), path).toBe(true);
  });
});

/** All that steps have a platform do to a disk. */
async function deploy(platform: Platform, disk: Disk, style: 'gpt' | 'mbr') {
  const table = layoutDisk(
    { style, volumes: VOLUMES[style].map((wish) => VolumeWish.parse(wish)) },
    disk.bytes,
    () => NO_GUID,
  );
  const target = await platform.partitionDisk(disk, table, 'a medium', {});
  const state = await platform.openState(target, 'winpe');
  await state?.replace(Buffer.alloc(0));
  const windows = target.volumes.find(({ name }) => name === 'Windows') as TargetVolume;
  await platform.formatVolume(target, windows, {});
  await platform.surveyVolume(windows, []);
  {
    await using place = await platform.openForWriting({
      kind: 'volume',
      volume: { ...windows, disk: '', label: '', fileSystem: 'ntfs' },
    });
    await place.files.write('old', '');
    await place.reread();
  }
  await platform.clearVolume(windows, ['Users'], {});
  {
    await using volume = await platform.mount(windows, 'write');
    for (const [path, content] of Object.entries(ENTIRE_WINDOWS)) await volume.files.write(path, content);
  }
  const start = { target: { ...target, windows }, windows, locale: 'en-US' };
  await platform.prepareBoot(start, {});
  await platform.activateBoot(start, {});
  await platform.deactivateBoot(target);
  await platform.prepareBoot(start, {});
  const moved = await platform.openState(start.target, 'full-os');
  await state?.remove();
  await state?.close();
  await moved?.close();
  await platform.activateBoot(start, {});
  return target;
}

function simulated(recorder: Recorder, disk: Disk): Platform {
  const recorded = RecordedMachine.parse({ ...aMachine({ disks: [disk] }), environment: 'linux' });
  return simulatedPlatform(
    {
      ...{ recorded, recorder, deployed: false, staged: undefined },
      exec: simulatedExec(recorder, []),
      volumes: new SimulatedVolumes(recorder),
      filesOfPackage: () => [],
    },
    'linux',
  );
}

/** The folder of a mounted volume has a name that is drawn. */
function plain(line: string): string {
  return line.replaceAll(/[^\s=]*\/volume-[\w-]+/g, 'FOLDER');
}
