import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { OtherVolume } from '../../../../runtime/platform/place-to-write.ts';
import type { TargetDisk } from '../../../../runtime/platform/platform.ts';
import type { StepOptions } from '../../../../runtime/sequence/schema.ts';
import { describeImage, imagesToCapture } from '../../../../runtime/steps/capture-operating-system/images.ts';
import { runCaptureOperatingSystem } from '../../../../runtime/steps/capture-operating-system/run.ts';
import type { StepContext } from '../../../../runtime/steps/context.ts';
import type { FakePlatform } from '../../../helpers/fake-platform.ts';
import { aDisk, aMachine } from '../../../helpers/machine.ts';
import { writeFiles } from '../../../helpers/temporary-folder.ts';
import { DISK, volume } from './captured-disk.ts';
import { type ContextWish, stepContext } from './step-context.ts';

describe('capture-operating-system', () => {
  const OPTIONS: StepOptions<'capture-operating-system'> = {
    destination: '\\\\server\\share\\images\\pc.wim',
    requireGeneralized: true,
    overwrite: false,
    exclusions: [],
  };
  const GENERALIZED = '[State]\r\nImageState=IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE\r\n';
  const other = (label: string, wish: Partial<OtherVolume> = {}): OtherVolume => ({
    device: `${label.charAt(0)}:\\`,
    disk: `\\\\.\\PhysicalDrive-${label}`,
    label,
    fileSystem: 'ntfs',
    bytes: 1000,
    ...wish,
  });

  /** A machine with a Windows whose Setup says this state, captured with these options; `change` may set it up otherwise. */
  async function capture(
    options: Partial<typeof OPTIONS>,
    wish: ContextWish = {},
    change: (platform: FakePlatform, context: StepContext) => void = () => {},
    state = GENERALIZED,
  ) {
    const subject = await stepContext(wish);
    const { platform, context } = subject;
    platform.installed = [DISK];
    await writeFiles(platform.volume('Windows'), { 'Windows/Setup/State/State.ini': state });
    change(platform, context);
    const running = runCaptureOperatingSystem({ ...OPTIONS, ...options }, context);
    const captured = () => platform.deeds.filter((deed) => /^(captureImage|excluded)/.test(deed));
    return { ...subject, running, captured };
  }

  it('captures Windows and data, each as an image, and excludes what the sequence names', async () => {
    const wish = { exclusions: ['\\Temp'], imageVersion: '2', imageCreator: 'Me' };
    const { running, captured, ran, logged } = await capture(wish);
    await running;
    expect(captured()).toEqual([
      'captureImage Windows to \\\\server\\share\\images\\pc.wim as pc (version 2; created by Me)',
      'captureImage Data to \\\\server\\share\\images\\pc.wim as pc (Data) (version 2; created by Me)',
      'excluded: \\Temp',
    ]);
    expect(ran).toEqual([]);
    expect(logged).toContainEqual(expect.stringMatching(/was read back and is whole$/));
  });

  it('prefers the Windows that this run has applied', async () => {
    const state = { target: { ...DISK, windows: volume(3, { name: 'Data' }) } };
    const { running, captured } = await capture({}, { state });
    await running;
    expect(captured()[0]).toMatch(/^captureImage Data to .* as pc \(\)$/);
  });

  it('connects to the share by an account, whose password is a secret from then on', async () => {
    const { running, ran, platform, variables } = await capture({ account: 'EXAMPLE\\a', password: 'hunter2' });
    await running;
    expect(platform.connected).toEqual([{ path: '\\\\server\\share', account: 'EXAMPLE\\a', password: 'hunter2' }]);
    expect(ran).toEqual([]);
    expect(variables.secrets()).toContain('hunter2');
  });

  it('writes to the only other volume, leaves a report there, and closes it', async () => {
    const { running, captured, platform } = await capture({ destination: 'Images\\pc.wim' }, {}, (fake) => {
      fake.others = [other('Keep'), other('Data', { disk: DISK.device })];
    });
    await running;
    expect(captured()[0]).toBe('captureImage Windows to K:\\Images\\pc.wim as pc ()');
    expect(platform.deeds.at(-1)).toBe('close K:\\');
    const report = JSON.parse(await readFile(`${platform.volume('Keep')}/Images/pc.wim.json`, 'utf8'));
    expect(report).toMatchObject({ file: 'pc.wim', verified: true, images: [{ name: 'pc' }, { name: 'pc (Data)' }] });
  });

  it('writes to the volume with a label, and asks where two have it', async () => {
    const named = await capture({ destination: 'keep:/pc.wim' }, {}, (platform, context) => {
      platform.others = [other('Other'), other('Keep'), other('KEEP', { device: 'Z:\\' })];
      context.ask = { choose: async () => 1 } as unknown as StepContext['ask'];
    });
    await named.running;
    expect(named.captured()[0]).toContain(' to Z:\\pc.wim as ');
  });

  it('asks which Windows is meant, or takes the one on the disk that the rules leave', async () => {
    const second: TargetDisk = { ...DISK, device: 'B', windows: volume(3, { name: 'Second' }), volumes: [] };
    const both = (platform: FakePlatform): void => {
      platform.installed = [DISK, second];
    };
    const asked = await capture({}, {}, (platform, context) => {
      both(platform);
      context.ask = { choose: async () => 0 } as unknown as StepContext['ask'];
    });
    await asked.running;
    expect(asked.captured()[0]).toContain('captureImage Windows ');
    const machine = aMachine({
      disks: [aDisk({ device: DISK.device, serial: 'A' }), aDisk({ device: 'B', serial: 'B' })],
    });
    const ruled = await capture({ disk: { serial: 'B' } }, { machine }, both);
    await ruled.running;
    expect(ruled.captured()[0]).toContain('captureImage Second ');
    await expect((await capture({}, {}, both)).running).rejects.toMatchObject({ code: 'VOLUME_NOT_FOUND' });
  });

  it('captures a Windows that was not generalised only where that is said, and warns', async () => {
    const state = 'ImageState=IMAGE_STATE_COMPLETE';
    const refused = await capture({}, {}, undefined, state);
    await expect(refused.running).rejects.toMatchObject({ message: expect.stringContaining('IMAGE_STATE_COMPLETE') });
    const { running, captured, logged } = await capture({ requireGeneralized: false }, {}, undefined, state);
    await running;
    expect(captured()).toHaveLength(3);
    expect(logged).toContainEqual(expect.stringMatching(/^warning: .*not generalised/));
  });

  it('replaces a file only where that is said', async () => {
    const there = async (overwrite: boolean) => {
      const subject = await stepContext();
      const { platform, context } = subject;
      platform.installed = [DISK];
      platform.others = [other('Keep')];
      await writeFiles(platform.volume('Keep'), { 'PC.wim': 'precious' });
      return runCaptureOperatingSystem({ ...OPTIONS, destination: 'pc.wim', overwrite }, context);
    };
    await expect(there(false)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await there(true);
  });

  const GIB = 1024 ** 3;
  it.each<[string, Partial<typeof OPTIONS>, (platform: FakePlatform) => void, string, RegExp]>([
    [
      'a hibernated Windows',
      {},
      (it) => (it.examined = { state: 'hibernated', usedBytes: 1 }),
      'STEP_FAILED',
      /not shut down/,
    ],
    [
      'an unclean volume',
      {},
      (it) => (it.examined = { state: 'unclean', usedBytes: 1 }),
      'STEP_FAILED',
      /not shut down/,
    ],
    [
      'a locked volume',
      {},
      (it) => (it.locked = [{ device: 'X', disk: DISK.device }]),
      'VOLUME_NOT_FOUND',
      /BitLocker/,
    ],
    [
      'only locked volumes',
      {},
      (it) => Object.assign(it, { installed: [], locked: [{ device: 'X', disk: 'Y' }] }),
      'VOLUME_NOT_FOUND',
      /no installed Windows can be read: BitLocker/,
    ],
    ['too little room', { destination: 'a.wim' }, (it) => (it.freeBytes = 600), 'NO_SPACE', /too little room/],
    [
      'FAT32 for more than it takes',
      { destination: 'a.wim' },
      (it) => {
        it.examined = { state: 'clean', usedBytes: 3 * GIB };
        it.others = [other('Keep', { fileSystem: 'fat32' })];
      },
      'FILE_TOO_LARGE',
      /FAT32/,
    ],
    [
      'no other volume',
      { destination: 'a.wim' },
      (it) => (it.others = []),
      'VOLUME_NOT_FOUND',
      /no volume for the image/,
    ],
    [
      'the disk that is captured',
      { destination: 'Data:\\a.wim' },
      (it) => (it.others = [other('Data', { disk: DISK.device })]),
      'VOLUME_NOT_FOUND',
      /label Data/,
    ],
    [
      'a letter of that disk',
      { destination: 'S:\\a.wim' },
      (it) => (it.others = [other('S', { disk: DISK.device })]),
      'STEP_FAILED',
      /the disk that is captured/,
    ],
    [
      'several other volumes, and nobody to ask',
      { destination: 'a.wim' },
      (it) => (it.others = [other('Keep'), other('Two')]),
      'VOLUME_NOT_FOUND',
      /2 volumes/,
    ],
  ])('refuses %s before anything is written', async (_, options, change, code, message) => {
    const { running, captured } = await capture(options, {}, (platform) => {
      platform.others = [other('Keep')];
      change(platform);
    });
    await expect(running).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(captured()).toEqual([]);
  });

  it('never writes to the medium', async () => {
    const machine = aMachine({ disks: [aDisk({ device: 'M', holdsMedium: true })] });
    const { running } = await capture({ destination: 'a.wim' }, { machine }, (platform) => {
      platform.others = [other('Stick', { disk: 'm' })];
    });
    await expect(running).rejects.toMatchObject({ lines: [expect.stringMatching(/Stick .*: refused, the medium/)] });
  });

  it.each<[Partial<StepOptions<'capture-operating-system'>>, ContextWish['name'], RegExp]>([
    [{ destination: 'w:\\pc.wim' }, 'winpe', /a volume that is captured/],
    [{ destination: '/mnt/pc.wim' }, 'winpe', /no path of this boot environment/],
    [{ destination: 'W:\\pc.wim' }, 'linux', /no path of this boot environment/],
    [{ destination: '..\\pc.wim' }, 'linux', /no path of this boot environment/],
  ])('refuses %j on %s and writes nothing', async (options, name, message) => {
    const { running, captured } = await capture(options, name === undefined ? {} : { name });
    await expect(running).rejects.toMatchObject({ code: 'STEP_FAILED', message: expect.stringMatching(message) });
    expect(captured()).toEqual([]);
  });

  it('leaves out what starts Windows and what repairs it', () => {
    const images = imagesToCapture(DISK.volumes, volume(2), { destination: '/mnt/x.WIM', imageName: 'Gold' });
    expect(images.map((image) => [image.volume.number, image.name])).toEqual([
      [2, 'Gold'],
      [3, 'Gold (Data)'],
    ]);
  });

  it('puts who and which behind the description', () => {
    const wish = { destination: 'x', imageDescription: 'Office', imageVersion: '1.2', imageCreator: 'Me' };
    expect(describeImage(wish)).toBe('Office; version 1.2; created by Me');
    expect(describeImage({ destination: 'x' })).toBe('');
  });
});
