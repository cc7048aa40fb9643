import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../../runtime/host/command-line.ts';
import type { StepOptions } from '../../../../runtime/sequence/schema.ts';
import { runApplyDataImage } from '../../../../runtime/steps/apply-data-image/run.ts';
import { pnputilLine, runApplyDriverPackage } from '../../../../runtime/steps/apply-driver-package/run.ts';
import { pathInPackage } from '../../../../runtime/steps/apply-operating-system/given-answer-file.ts';
import {
  handOverOperatingSystem,
  runApplyOperatingSystem,
} from '../../../../runtime/steps/apply-operating-system/run.ts';
import type { HandoverData } from '../../../../runtime/steps/context.ts';
import { runConvertDiskToDynamic } from '../../../../runtime/steps/convert-disk-to-dynamic/run.ts';
import { convertScript } from '../../../../runtime/steps/convert-disk-to-dynamic/script.ts';
import { runFormatAndPartitionDisk } from '../../../../runtime/steps/format-and-partition-disk/run.ts';
import { VolumeWish } from '../../../../runtime/steps/format-and-partition-disk/schema.ts';
import { IMAGE } from '../../../helpers/fake-medium.ts';
import { aDisk, aMachine } from '../../../helpers/machine.ts';
import { type ContextWish, stepContext } from './step-context.ts';

const XML = '<unattend xmlns="urn:schemas-microsoft-com:unattend"><!-- mine --><a>%Name% %Later%</a></unattend>';
const VOLUMES = [
  { type: 'efi', name: 'System', size: '260 MB' },
  { type: 'primary', name: 'Windows', size: '30 GB' },
  { type: 'primary', name: 'Data', size: '10 GB' },
  { type: 'primary', name: 'Fat', size: '4 GB', fileSystem: 'fat32' },
  { type: 'primary', name: 'Small', size: '500 MB' },
].map((volume) => VolumeWish.parse(volume));
const ONE = { image: 'windows', volume: 'Windows', locale: 'en-US', wipe: false };
const GIVEN = { ...ONE, answerFilePackage: 'tools', answerFile: 'answers\\Unattend.XML' };

/** On a disk that is laid out, with a second image in the file of the first. */
async function laidOut(wish: ContextWish = {}) {
  const subject = await stepContext(wish);
  const { context } = subject;
  context.medium.manifest.images.push({ ...IMAGE, name: 'second', index: 2 });
  await runFormatAndPartitionDisk({ disk: {}, style: 'gpt', volumes: VOLUMES }, context);
  subject.platform.deeds.length = 0;
  const handovers: HandoverData[] = [];
  context.atHandover = (data) => handovers.push(data);
  return { ...subject, handovers };
}

describe('apply-operating-system', () => {
  it.each([
    [undefined, 1],
    [1, 1],
    [2, 2],
  ])('with imageIndex %s applies image %i of the file', async (imageIndex, applied) => {
    const { context, platform } = await laidOut();
    await runApplyOperatingSystem({ ...ONE, imageIndex }, context);
    expect(platform.deeds).toEqual([`applyImage ${applied} to Windows`, 'prepareBoot']);
  });

  it.each([
    [undefined, undefined],
    [0, undefined],
    [6, 'setLayeredDriver 6 on Windows'],
  ])('with layeredDriver %s sets the keyboard before the disk can start', async (layeredDriver, deed) => {
    const { context, platform } = await laidOut();
    await runApplyOperatingSystem({ ...ONE, layeredDriver }, context);
    const deeds = ['applyImage 1 to Windows', deed, 'prepareBoot'];
    expect(platform.deeds).toEqual(deeds.filter((one) => one !== undefined));
  });

  it('names the images that are there where there is none of this index', async () => {
    const { context, platform } = await laidOut();
    await expect(runApplyOperatingSystem({ ...ONE, imageIndex: 3 }, context)).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      hint: 'It has: 1 (windows), 2 (second).',
    });
    expect(platform.deeds).toEqual([]);
  });

  it('takes an answer file from a package, and replaces its variables then and when the disk is to start', async () => {
    const { context, platform, variables, handovers } = await laidOut();
    platform.packageFiles = { 'Answers/unattend.xml': XML };
    const answers = (): Promise<string> =>
      readFile(join(platform.volume('Windows'), 'Windows/Panther/unattend.xml'), 'utf8');
    variables.set('Name', 'A & B');
    await runApplyOperatingSystem(GIVEN, context);
    expect(await answers()).toContain('<!-- mine --><a>A &amp; B %Later%</a>');
    variables.set('Later', 'now');
    context.logFile = join(platform.volume('Windows'), 'unpacked.txt');
    await handOverOperatingSystem(handovers[0] ?? {}, context);
    expect(await answers()).toContain('<a>A &amp; B now</a>');
    expect(platform.deeds.at(-1)).toBe('activateBoot');
  });

  it.each([
    [{}, 'SOURCE_NOT_FOUND'],
    [{ 'answers/unattend.xml': '<unattend>' }, 'SOURCE_INVALID'],
    [{ 'answers/unattend.xml': '<html/>' }, 'SOURCE_INVALID'],
  ])('refuses a package with %j before the image is applied', async (files, code) => {
    const { context, platform } = await laidOut();
    platform.packageFiles = files;
    await expect(runApplyOperatingSystem(GIVEN, context)).rejects.toMatchObject({ code });
    expect(platform.deeds).toEqual(['extractImage 1']);
  });

  it('sets the drive of the new Windows where it has a letter', async () => {
    const { context, variables } = await laidOut();
    const { target } = context.state;
    for (const volume of target?.volumes ?? []) volume.device = 'W:\\';
    await runApplyOperatingSystem(ONE, context);
    expect(variables.get('OSDTargetSystemDrive')).toBe('W:');
  });

  it.each([
    ['a\\b.xml', 'a/b.xml'],
    ['./a/../b.xml', 'b.xml'],
    ['..\\b.xml', undefined],
    ['a\\..\\..\\b.xml', undefined],
    ['C:\\b.xml', undefined],
    ['\\b.xml', undefined],
  ])('finds %s in a package', (path, found) => {
    expect(pathInPackage(path)).toBe(found);
  });
});

describe('apply-data-image', () => {
  type Options = Partial<StepOptions<'apply-data-image'>>;

  async function apply(options: Options, wish: { attempt?: number; windows?: boolean } = {}) {
    const { context, platform } = await laidOut();
    if (wish.windows === true) await runApplyOperatingSystem(ONE, context);
    platform.deeds.length = 0;
    context.attempt = wish.attempt ?? 1;
    const running = runApplyDataImage({ image: 'windows', volume: 'Data', wipe: true, ...options }, context);
    return {
      deeds: platform.deeds,
      error: await running.then(
        () => undefined,
        (error: unknown) => error,
      ),
    };
  }

  it.each<[Options, string[]]>([
    [{}, ['formatVolume Data', 'applyImage 1 to Data']],
    [{ imageIndex: 2 }, ['formatVolume Data', 'applyImage 2 to Data']],
    [{ volume: 'fat' }, ['formatVolume Fat', 'mount Fat write', 'extractImage 1', 'unmount Fat']],
    [{ wipe: false }, ['mount Data write', 'extractImage 1', 'unmount Data']],
  ])('%j', async (options, deeds) => {
    expect(await apply(options, { windows: true })).toEqual({ deeds, error: undefined });
  });

  it('begins again on a volume that it wipes', async () => {
    expect((await apply({}, { attempt: 2 })).deeds).toEqual(['formatVolume Data', 'applyImage 1 to Data']);
  });

  it.each<[Options, { attempt?: number; windows?: boolean }, string, RegExp]>([
    [{ volume: 'Windows' }, { windows: true }, 'STEP_FAILED', /has the Windows/],
    [{ volume: 'System' }, {}, 'STEP_FAILED', /no volume for data/],
    [{ wipe: false }, { attempt: 2 }, 'STEP_FAILED', /half of the image/],
    [{ volume: 'Small' }, {}, 'VOLUME_TOO_SMALL', /it has 500 MB/],
    [{ volume: 'None' }, {}, 'VOLUME_NOT_FOUND', /None/],
  ])('refuses %j with %j and touches nothing', async (options, wish, code, message) => {
    const { deeds, error } = await apply(options, wish);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(deeds).toEqual([]);
  });
});

describe('apply-driver-package', () => {
  const OPTIONS = { package: 'tools', recurse: true, forceUnsigned: false };

  async function add(options: Partial<StepOptions<'apply-driver-package'>>, name: ContextWish['name'] = 'winpe') {
    const subject = await laidOut({ name });
    await runApplyOperatingSystem(ONE, subject.context);
    await runApplyDriverPackage({ ...OPTIONS, ...options }, subject.context);
    return {
      ...subject,
      added: subject.platform.deeds.find((deed) => deed.startsWith('addDrivers'))?.replace(/^.*\/Drivers\//, ''),
    };
  }

  it.each([
    [{}, 'tools'],
    [{ recurse: false, forceUnsigned: true }, 'tools not-recurse force-unsigned'],
    [{ additionalOptions: '/LogLevel:4 "/ScratchDir:D:\\a b"' }, 'tools /LogLevel:4 /ScratchDir:D:\\a b'],
  ])('%j reaches DISM', async (options, added) => {
    expect((await add(options)).added).toBe(added);
  });

  it('says which options the installer of Windows does not have', async () => {
    const { logged, platform } = await add({ forceUnsigned: true, recurse: false }, 'linux');
    expect(logged).toContainEqual(expect.stringMatching(/^warning: forceUnsigned/));
    const xml = await readFile(join(platform.volume('Windows'), 'Windows/Panther/unattend.xml'), 'utf8');
    expect(xml).toContain(pnputilLine('tools', { recurse: false }));
    expect(pnputilLine('tools', { recurse: false })).not.toContain('/subdirs');
    expect(parseArguments(pnputilLine('a b', { recurse: true }))).toEqual([
      'pnputil.exe',
      '/add-driver',
      '%SystemDrive%\\Drivers\\a b\\*.inf',
      '/subdirs',
      '/install',
    ]);
  });
});

describe('convert-disk-to-dynamic', () => {
  const first = aDisk({ device: '\\\\.\\PhysicalDrive2' });

  it('runs diskpart on the one disk', async () => {
    const { context, ran, logged } = await stepContext({ machine: aMachine({ disks: [first] }) });
    await runConvertDiskToDynamic({ disk: {} }, context);
    expect(ran).toEqual([expect.stringMatching(/\\System32\\diskpart\.exe \/s .*convert\.txt$/)]);
    expect(logged).toContain('info: diskpart: select disk 2; convert dynamic');
    expect(convertScript(first)).toBe('select disk 2\r\nconvert dynamic\r\n');
  });

  it('never guesses', async () => {
    const { context, ran } = await stepContext({ machine: aMachine({ disks: [first, aDisk()] }) });
    await expect(runConvertDiskToDynamic({ disk: {} }, context)).rejects.toMatchObject({ code: 'DISK_NOT_CHOSEN' });
    expect(ran).toEqual([]);
  });

  it('leaves the disk alone that this run has laid out', async () => {
    const { context, ran } = await laidOut({ machine: aMachine({ disks: [first] }) });
    await expect(runConvertDiskToDynamic({ disk: {} }, context)).rejects.toMatchObject({
      code: 'DISK_NOT_CHOSEN',
      message: expect.stringContaining('is the disk that this sequence deploys'),
    });
    expect(ran).toEqual([]);
  });

  const aTarget = { device: first.device.toUpperCase(), style: 'gpt', identity: '', volumes: [] } as const;

  it('leaves the disk of the running Windows alone, although this run has laid out none', async () => {
    const { context, platform, ran } = await stepContext({ name: 'windows', machine: aMachine({ disks: [first] }) });
    platform.installed = [{ ...aTarget, volumes: [] }];
    await expect(runConvertDiskToDynamic({ disk: {} }, context)).rejects.toMatchObject({
      code: 'DISK_NOT_CHOSEN',
      message: expect.stringContaining('is the disk of the Windows that runs'),
    });
    expect(ran).toEqual([]);
  });

  it('leaves a disk alone of which this run fills a volume', async () => {
    const state = { replaced: [{ key: 'a', disk: { ...aTarget, volumes: [] }, volume: 1, keep: [] }] };
    const { context, ran } = await stepContext({ state, machine: aMachine({ disks: [first] }) });
    await expect(runConvertDiskToDynamic({ disk: {} }, context)).rejects.toMatchObject({ code: 'DISK_NOT_CHOSEN' });
    expect(ran).toEqual([]);
  });

  it('takes a disk in a boot environment that has a Windows of nobody', async () => {
    const { context, platform, ran } = await stepContext({ machine: aMachine({ disks: [first] }) });
    platform.installed = [{ ...aTarget, volumes: [] }];
    await runConvertDiskToDynamic({ disk: {} }, context);
    expect(ran).toHaveLength(1);
  });
});
