import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Destination } from '../../../../runtime/contract/destination.ts';
import type { TargetDisk } from '../../../../runtime/platform/platform.ts';
import { runApplyDataImage } from '../../../../runtime/steps/apply-data-image/run.ts';
import { runApplyOperatingSystem } from '../../../../runtime/steps/apply-operating-system/run.ts';
import { folderInRoot } from '../../../../runtime/steps/destination/kept-folders.ts';
import { storeOf } from '../../../../runtime/steps/usmt/store.ts';
import { aDisk, aMachine } from '../../../helpers/machine.ts';
import { writeFiles } from '../../../helpers/temporary-folder.ts';
import { volume } from './captured-disk.ts';
import { type ContextWish, stepContext } from './step-context.ts';

const GIB = 1024 ** 3;
const DEVICE = '\\\\.\\PhysicalDrive0';
const OTHER = '\\\\.\\PhysicalDrive1';

function diskOf(device: string, identity: string): TargetDisk {
  const bytes = 100 * GIB;
  const volumes = [
    volume(1, { role: 'system', fileSystem: 'fat32', device: '', bytes }),
    volume(2, { name: 'Windows', device: `${identity}:\\`, bytes }),
    volume(3, { name: 'Data', bytes }),
    volume(4, { name: 'Empty', bytes }),
    volume(5, { role: 'recovery', device: '', bytes }),
  ];
  return { device, style: 'gpt', identity, volumes };
}

const DISK = diskOf(DEVICE, 'C');
const OF_THE_OLD = { 'Windows/System32/config/SYSTEM': 'old', 'Users/bob/plan.txt': 'plan', 'pagefile.sys': 'x' };
const APPLY = { image: 'windows', volume: 'Windows', locale: 'en-US', wipe: true };

/** A machine in WinPE whose one disk has a Windows and two volumes for data. */
async function machineWithWindows(wish: ContextWish & { disks?: string[] } = {}) {
  const { disks = [DEVICE] } = wish;
  const machine = aMachine({ disks: disks.map((device) => aDisk({ device, bytes: 500 * GIB })) });
  const subject = await stepContext({ machine, ...wish });
  const { platform } = subject;
  platform.present = disks.map((device, index) => diskOf(device, 'CE'[index] ?? 'F'));
  platform.installed = platform.present.map((disk) => ({ ...disk, windows: disk.volumes[1] ?? volume(2) }));
  await writeFiles(platform.volume('Windows'), OF_THE_OLD);
  await writeFiles(platform.volume('Data'), { 'data.txt': 'x' });
  return subject;
}

type Subject = Awaited<ReturnType<typeof machineWithWindows>>;
const apply = ({ context }: Subject, destination: Destination, wish: object = {}) =>
  runApplyOperatingSystem({ ...APPLY, destination, ...wish }, context);
const deedsOf = ({ platform }: Subject): string[] => platform.deeds.filter((deed) => !/^(un)?mount /.test(deed));

describe('a Windows that is there', () => {
  it('is replaced in an order that leaves no half of it', async () => {
    const subject = await machineWithWindows();
    const kept: string[] = [];
    subject.context.keepState = async () => void kept.push(...deedsOf(subject));
    await apply(subject, 'present-windows');
    expect(kept).toEqual([`takeOverDisk ${DEVICE} for Windows`]);
    expect(deedsOf(subject)).toEqual([
      `takeOverDisk ${DEVICE} for Windows`,
      `deactivateBoot ${DEVICE}`,
      'clearVolume Windows',
      'applyImage 1 to Windows',
      'prepareBoot',
    ]);
    expect(subject.context.state).toMatchObject({
      target: { replacing: 2, windows: { number: 2, name: 'Windows' } },
      replaced: [{ volume: 2, keep: ['_SMSTaskSequence', 'System Volume Information'] }],
    });
    expect(subject.variables.get('OSDTargetSystemDrive')).toBe('C:');
  });

  it.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['the store of the run', { OSDStateStorePath: 'C:\\Kept\\PC1' }, {}, ['Kept']],
    ['what ConfigMgr calls it', { _SMSTSUserStatePath: 'D:\\kept' }, {}, ['kept']],
    ['no share', { OSDStateStorePath: '\\\\server\\state\\PC1' }, {}, []],
    ['a store that an earlier run has left', {}, { 'Left/PC1/USMT/USMT.MIG': 'x' }, ['Left']],
    ['no copy of USMT', {}, { 'Tools/USMT/amd64/scanstate.exe': 'x' }, []],
    ['no store among the files of a user', {}, { 'Users/USMT/x': 'x' }, []],
  ])('keeps %s', async (_, variables, files, expected) => {
    const subject = await machineWithWindows();
    await writeFiles(subject.platform.volume('Windows'), files);
    for (const [name, value] of Object.entries(variables)) subject.variables.set(name, value);
    await apply(subject, 'present-windows');
    expect(subject.context.state.replaced?.[0]?.keep.slice(2)).toEqual(expected);
  });

  it.each([
    ['C:\\Users\\bob', 'among the folders of Windows'],
    ['C:\\.\\Users\\bob', 'among the folders of Windows'],
    ['C:\\Users.\\bob', 'among the folders of Windows'],
    ['C:\\Kept\\..\\Users\\bob', 'among the folders of Windows'],
    ['\\\\?\\C:\\Users\\bob', 'among the folders of Windows'],
    ['C:\\PROGRA~1\\Store', 'nobody can tell which folder'],
  ])('is refused with a store among its own folders: %s', async (path, message) => {
    const subject = await machineWithWindows();
    subject.variables.set('OSDStateStorePath', path);
    await expect(apply(subject, 'present-windows')).rejects.toThrow(message);
    expect(deedsOf(subject)).toEqual([]);
  });

  it('is refused with such a store beside one on a share', async () => {
    const subject = await machineWithWindows();
    subject.variables.set('OSDStateStorePath', '\\\\server\\share');
    subject.variables.set('_SMSTSUserStatePath', 'C:\\Users\\bob');
    await expect(apply(subject, 'present-windows')).rejects.toThrow('among the folders of Windows');
  });

  it('is found again when the step was cut, whatever is left of it', async () => {
    const subject = await machineWithWindows();
    const { context, platform } = subject;
    await apply(subject, 'present-windows');
    platform.deeds.length = 0;
    platform.installed = [];
    context.attempt = 2;
    await writeFiles(platform.volume('Windows'), { '_SMSTaskSequence/UserState/x': 'kept', 'Windows/half': 'x' });
    await apply(subject, 'present-windows');
    expect(deedsOf(subject)).toEqual([
      `deactivateBoot ${DEVICE}`,
      'clearVolume Windows',
      'applyImage 1 to Windows',
      'prepareBoot',
    ]);
    expect((await readdir(platform.volume('Windows'))).sort()).toEqual(['_SMSTaskSequence', 'unpacked.txt']);
  });

  it('goes on starting until another one of its disk does', async () => {
    const subject = await machineWithWindows();
    await apply(subject, { diskNumber: 0, partition: 3 }, { volume: 'Data' });
    expect(deedsOf(subject)).not.toContain(`deactivateBoot ${DEVICE}`);
    expect(await readFile(`${subject.platform.volume('Windows')}/Windows/System32/config/SYSTEM`, 'utf8')).toBe('old');
  });

  it.each<[string, Destination, object, RegExp]>([
    ['is not to be wiped', 'present-windows', { wipe: false }, /is not empty/],
    ['is on no disk the rules allow', 'present-windows', { disk: { bus: ['usb'] } }, /is not found/],
    ['is elsewhere', { diskNumber: 3, partition: 2 }, {}, /partition 2 of disk 3 is not found/],
    ['has no such drive', { drive: 'Q:' }, {}, /drive Q: is not found/],
    ['would be on a recovery volume', { diskNumber: 0, partition: 5 }, {}, /no drive letter/],
  ])('is left as it is where it %s', async (_, destination, wish, message) => {
    const subject = await machineWithWindows();
    await expect(apply(subject, destination, wish)).rejects.toThrow(message);
    expect(deedsOf(subject)).toEqual([]);
  });

  it('is not guessed at where there are two, and asked about where somebody is there', async () => {
    const subject = await machineWithWindows({ disks: [DEVICE, OTHER] });
    await expect(apply(subject, 'present-windows')).rejects.toMatchObject({ code: 'VOLUME_NOT_FOUND' });
    expect(deedsOf(subject)).toEqual([]);
    const asked: string[] = [];
    subject.context.ask = {
      choose: async (question: string, choices: readonly string[]) => {
        asked.push(question, ...choices);
        return 1;
      },
    } as never;
    await apply(subject, 'present-windows');
    expect(asked).toHaveLength(4);
    expect(subject.context.state.target?.device).toBe(OTHER);
  });

  it.each<[string, (subject: Subject) => void, RegExp]>([
    ['locked', ({ platform }) => void platform.locked.push({ device: 'C:\\', disk: DEVICE }), /BitLocker has locked/],
    ['hibernated', ({ platform }) => void Object.assign(platform.examined, { state: 'hibernated' }), /hibernated/],
    [
      'on the disk of the medium',
      ({ context }) => {
        for (const disk of context.machine.disks) Object.assign(disk, { holdsMedium: true, prestagedBytes: 1 });
      },
      /is not found/,
    ],
    [
      'too small beside what is kept',
      ({ platform }) =>
        void vi.spyOn(platform, 'surveyVolume').mockResolvedValue({ others: [], keptBytes: 99.5 * GIB }),
      /cannot take image/,
    ],
  ])('is refused when it is %s', async (_, change, message) => {
    const subject = await machineWithWindows();
    change(subject);
    await expect(apply(subject, 'present-windows')).rejects.toThrow(message);
    expect(subject.platform.deeds.filter((deed) => /clear|deactivate|applyImage/.test(deed))).toEqual([]);
  });
});

describe('the next formatted volume', () => {
  it('is the first empty one where there are several', async () => {
    const subject = await machineWithWindows();
    await apply(subject, 'next-formatted', { wipe: false, volume: 'Empty' });
    expect(subject.context.state.target?.windows?.number).toBe(4);
  });

  it('is not guessed at where all have something', async () => {
    const subject = await machineWithWindows();
    await writeFiles(subject.platform.volume('Empty'), { 'x.txt': 'x' });
    await expect(apply(subject, 'next-formatted')).rejects.toThrow('2 volumes could be');
  });
});

it('a partition of the disk with a prestaged medium is found where this run has made it, and never the medium', async () => {
  const disk = aDisk({ device: DEVICE, bytes: 500 * GIB, holdsMedium: true, prestagedBytes: GIB });
  const before = await machineWithWindows();
  before.context.machine.disks.splice(0, 1, disk);
  await expect(apply(before, { diskNumber: 0, partition: 2 })).rejects.toThrow('is not found');
  const subject = await machineWithWindows({ state: { target: DISK } });
  subject.context.machine.disks.splice(0, 1, disk);
  const medium = volume(6, { name: 'Medium', device: 'M:\\' });
  subject.platform.present = [{ ...DISK, volumes: [...DISK.volumes, medium] }];
  await expect(apply(subject, { diskNumber: 0, partition: 6 })).rejects.toThrow('is not found');
  await expect(apply(subject, { drive: 'M:' })).rejects.toThrow('is not found');
  await apply(subject, { diskNumber: 0, partition: 4 });
  expect(deedsOf(subject)[0]).toBe('applyImage 1 to Empty');
});

describe('a data image onto a disk that is there', () => {
  const data = ({ context }: Subject, destination: Destination, wipe = true) =>
    runApplyDataImage({ image: 'windows', destination, wipe }, context);

  it('leaves the disk starting what it started', async () => {
    const subject = await machineWithWindows();
    await data(subject, { drive: 'd' });
    expect(deedsOf(subject)).toEqual(['clearVolume Data', 'applyImage 1 to Data']);
    expect(subject.context.state.target).toBeUndefined();
  });

  it('goes beside what is there', async () => {
    const subject = await machineWithWindows();
    await data(subject, { diskNumber: 0, partition: 3 }, false);
    expect((await readdir(subject.platform.volume('Data'))).sort()).toEqual(['data.txt', 'unpacked.txt']);
  });

  it('takes no Windows', async () => {
    const subject = await machineWithWindows();
    await expect(data(subject, { drive: 'C:' })).rejects.toThrow('there is a Windows on it');
  });
});

describe('a store that has outlived its Windows', () => {
  it.each([
    ['D:\\Kept\\PC1', 'winpe', 'C:\\Kept\\PC1'],
    ['D:\\Kept\\PC1', 'windows', 'E:\\Kept\\PC1'],
    ['D:\\Elsewhere', 'windows', 'D:\\Elsewhere'],
    ['\\\\server\\share\\PC1', 'windows', '\\\\server\\share\\PC1'],
  ] as const)('%s is in %s %s', async (path, name, expected) => {
    const windows = volume(2, { device: 'C:\\' });
    const target = { ...DISK, windows };
    const replaced = [{ key: 'x', disk: DISK, volume: 2, keep: ['_SMSTaskSequence', 'kept'] }];
    const machine = { ...aMachine(), operatingSystem: { systemDrive: 'E:' } as never };
    const { context } = await stepContext({ name, machine, state: { target, replaced } });
    expect(await storeOf(path, context)).toBe(expected);
  });
});

it.each([
  ['C:\\a\\b', ['a']],
  ['c:/a', ['a']],
  ['C:\\a. \\b', ['a']],
  ['C:\\.\\b\\..\\a', ['a']],
  ['\\\\?\\C:\\a', ['a']],
  ['C:\\', []],
  ['\\\\server\\share\\a', []],
])('the folder of %s in its root is %j', (path, expected) => {
  expect(folderInRoot(path)).toEqual(expected);
});
