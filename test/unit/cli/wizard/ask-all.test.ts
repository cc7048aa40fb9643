import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LoadedProject, loadProject } from '../../../../builder/config/load.ts';
import { completeAnswers, type ProjectAnswers, type SomeAnswers } from '../../../../builder/project/answers.ts';
import { PROJECT_FILE, projectFiles } from '../../../../builder/project/write-project.ts';
import { askAll } from '../../../../cli/wizard/ask-all.ts';
import type { AnyQuestion } from '../../../../cli/wizard/question.ts';
import { STAND_IN_DRIVER } from '../../../helpers/stand-in-driver.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';
import { EDITIONS, wizardContext } from './wizard-context.ts';

type Flags = Partial<Record<AnyQuestion['id'], string | string[]>>;

/** A run where nobody can be asked. */
async function answer(flags: Flags, kept: SomeAnswers = {}): Promise<SomeAnswers> {
  const entries = Object.entries(flags) as [AnyQuestion['id'], string | string[]][];
  const given = new Map(entries.map(([id, text]) => [id, [text].flat()]));
  const context = await wizardContext({ given: new Set(given.keys()) });
  return askAll(context, { given, kept, interactive: false, onPage: async () => undefined });
}

/** The project that is written of them, as a build loads it. */
async function load(answers: ProjectAnswers): Promise<LoadedProject> {
  const folder = await temporaryFolder();
  await writeFiles(folder, Object.fromEntries(await projectFiles(answers, folder)));
  return loadProject(join(folder, PROJECT_FILE));
}

async function aFile(name = 'install.wim'): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { [name]: '' });
  return join(folder, name);
}

describe('without anybody to ask', () => {
  it('takes what a technician would choose as soon as an image is named', async () => {
    const file = await aFile();
    expect(await answer({ images: file })).toEqual({
      kind: 'stand-alone',
      bootEnvironment: 'linux',
      images: [
        {
          name: 'windows-11-pro',
          source: file,
          image: 'Windows 11 Pro',
          facts: 'x64, de-DE, 10.0.26100.1, 16.0 GB',
          language: 'de-DE',
        },
      ],
      drivers: [],
      sequences: [
        {
          template: 'install-image',
          values: {
            id: 'install-image',
            name: 'Install Windows',
            image: 'windows-11-pro',
            locale: 'de-DE',
            keyboard: 'de-DE',
          },
        },
      ],
      unattended: false,
      validUntil: null,
      validFrom: null,
      keyboard: 'de-DE',
      passwordFile: null,
      passwordEnvironment: null,
      signingKey: null,
      name: 'Branch office',
      label: 'BRANCH_OFFI',
      iso: 'branch-office.iso',
      usb: null,
      pxe: null,
    });
  });

  it('names every flag that is missing at once', async () => {
    await expect(answer({ bootEnvironment: 'winpe' })).rejects.toMatchObject({
      code: 'ANSWER_MISSING',
      message: expect.stringContaining('--winpe, --image'),
      lines: [expect.stringMatching(/^--winpe <path>: /), expect.stringMatching(/^--image <file\[:image\]>: /)],
    });
  });

  it('needs no image for a medium that captures one', async () => {
    const { images, sequences } = await answer({ kind: 'capture' });
    expect(images).toBeUndefined();
    expect(sequences).toMatchObject([{ template: 'capture-image' }]);
  });

  it('takes WinPE where its source is given', async () => {
    const winpe = await aFile('boot.wim');
    expect(await answer({ images: winpe, winpe })).toMatchObject({ bootEnvironment: 'winpe', winpe });
  });

  it('takes what was kept, and flags before that', async () => {
    const kept: SomeAnswers = { name: 'Kept', label: 'KEPT', signingKey: null };
    expect(await answer({ images: await aFile(), name: 'Given' }, kept)).toMatchObject({
      name: 'Given',
      label: 'KEPT',
    });
  });

  it.each<[Flags, RegExp]>([
    [{ winpe: '/boot.wim', bootEnvironment: 'linux' }, /--winpe has no meaning/],
    [{ layout: 'fat32' }, /--layout has no meaning/],
    [{ kind: 'usb' }, /"usb" is not one of stand-alone, capture, prestaged, bootable/],
    [{ kind: 'bootable', contentFrom: 'http://server/' }, /--image has no meaning/],
    [{ contentFrom: 'http://server/' }, /--content-from has no meaning/],
    [{ pxeUrl: 'http://server/', iso: 'a.iso' }, /--pxe-url has no meaning/],
    [{ validUntil: '2027-04-30' }, /2027-04-30 is over/],
    [{ validUntil: 'soon' }, /"soon" is not a date/],
    [{ validUntil: '30', validFrom: '2027-07-01' }, /after the last day, 2027-05-31/],
    [{ passwordEnvironment: 'two words' }, /not the name of an environment variable/],
    [{ label: 'größer' }, /capital letters/],
    [{ iso: 'medium.img' }, /ends in \.iso/],
    [{ iso: '../medium.iso' }, /leaves the project's folder/],
    [{ iso: '-' }, /something must be written/],
    [{ drivers: 'latitude' }, /is not a name, =, and a folder/],
    [{ drivers: `latitude=${import.meta.filename}` }, /is not a folder/],
    [{ drivers: `latitude=${import.meta.dirname}` }, /has no driver/],
    [{ sequences: 'install' }, /there is no template "install"/],
    [{ sequences: 'custom:memry=2 GB' }, /custom has no parameter "memry"/],
    [{ sequences: 'custom:memory=much' }, /no valid sequence/],
    [{ sequences: 'install-image:image=windows-11' }, /there is no image "windows-11"/],
    [{ passwordFile: '/nowhere/password.txt' }, /cannot open \/nowhere/],
    [{ passwordFile: '/' }, /^\/ is a folder$/],
    [{ signingKey: '/' }, /^\/ is a folder$/],
  ])('refuses %j', async (flags, message) => {
    await expect(answer({ images: await aFile(), pxe: '-', ...flags })).rejects.toMatchObject({
      name: 'MediasmithError',
      message: expect.stringMatching(message),
    });
  });
});

it('takes a first moment on the last day, which counts to its end', async () => {
  const flags = { validUntil: '2099-12-31', validFrom: '2099-12-31T12:00:00Z' };
  expect(await answer({ images: await aFile(), ...flags })).toMatchObject(flags);
});

describe('--image', () => {
  it.each<[behind: string, name: string]>([
    ['', 'Windows 11 Pro'],
    [':1', 'Windows 11 Home'],
    [':Core', 'Windows 11 Home'],
    [':windows 11 pro', 'Windows 11 Pro'],
  ])('takes %j behind the file', async (behind, image) => {
    expect((await answer({ images: `${await aFile()}${behind}` })).images).toMatchObject([{ image }]);
  });

  it('takes a file whose name has a colon', async () => {
    const file = await aFile('a:1.wim');
    expect((await answer({ images: file })).images).toMatchObject([{ source: file }]);
  });

  it('says which images there are', async () => {
    await expect(answer({ images: `${await aFile()}:Education` })).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      lines: EDITIONS.map(({ name }) => expect.stringContaining(name)),
    });
  });

  it('given twice installs both, each by a sequence of its own', async () => {
    const file = await aFile();
    const { images, sequences } = await answer({ images: [`${file}:1`, `${file}:2`] });
    expect(images?.map(({ name }) => name)).toEqual(['windows-11-home', 'windows-11-pro']);
    expect(sequences?.map(({ values }) => [values.id, values.image])).toEqual([
      ['install-windows-11-home', 'windows-11-home'],
      ['install-windows-11-pro', 'windows-11-pro'],
    ]);
  });
});

describe('--drivers and --sequence', () => {
  it('tell the sequence of the packages and their models', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'standin.inf': STAND_IN_DRIVER });
    const drivers = `latitude:Latitude 5440*=${folder}`;
    const answers = await answer({ images: await aFile(), drivers: [drivers, `all=${folder}`] });
    expect(answers.drivers).toEqual([
      { name: 'latitude', model: 'Latitude 5440*', source: folder },
      { name: 'all', model: '*', source: folder },
    ]);
    expect(answers.sequences).toMatchObject([{ values: { drivers: 'latitude', model: 'Latitude 5440*' } }]);
  });

  it('take values with commas, and derive what is not given', async () => {
    const sequences = ['install-image:name=One, two,timeZone=UTC', 'custom', 'custom'];
    const answers = await answer({ images: await aFile(), sequences });
    expect(answers.sequences?.map(({ values }) => values)).toMatchObject([
      { name: 'One, two', timeZone: 'UTC', image: 'windows-11-pro' },
      { id: 'custom' },
      { id: 'custom-2' },
    ]);
  });
});

it('counts days of validity from today', async () => {
  expect((await answer({ images: await aFile(), validUntil: '90' })).validUntil).toBe('2027-07-30');
});

it('writes no ISO where only a stick is asked for', async () => {
  const answers = await answer({ images: await aFile(), usb: 'stick.img' });
  expect(answers).toMatchObject({ iso: null, usb: 'stick.img', layout: 'fat32' });
});

describe('a bootable medium', () => {
  it.each([
    ['http://server/tree/', 'url'],
    ['\\\\server\\share\\tree', 'share'],
    ['DATA:/tree', 'folder'],
  ])('needs no more than where its content is: %s', async (contentFrom, field) => {
    const answers = completeAnswers(await answer({ kind: 'bootable', contentFrom }));
    expect(answers).toMatchObject({ contentFrom, images: [], sequences: [], iso: 'branch-office.iso', pxe: null });
    const { project, problems } = await load(answers);
    expect({ problems, from: project?.contentFrom }).toEqual({ problems: [], from: { [field]: contentFrom } });
  });

  it.each<[Flags, RegExp]>([
    [{}, /missing: --content-from$/],
    [{ contentFrom: 'server' }, /the label of a volume, a colon/],
    [{ contentFrom: 'http://me@server/' }, /an address that begins with/],
    [{ contentFrom: 'http://me:secret@server/' }, /^"http:..[.]{3}@server.": an address that begins with/],
    [{ contentFrom: 'ftp://server/tree' }, /the label of a volume, a colon/],
    [{ contentFrom: 'http://server/', contentUser: 'ann' }, /--content-user has no meaning/],
    [{ contentFrom: '//server/share', contentUser: 'a|b' }, /an account: name/],
    [{ contentFrom: 'http://server/', pxe: 'tree' }, /--pxe has no meaning/],
    [{ contentFrom: 'http://server/', iso: '-', usb: '-' }, /something must be written/],
  ])('is refused: %j', async (flags, message) => {
    await expect(answer({ kind: 'bootable', ...flags })).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
  });

  it('names the account for a share', async () => {
    const flags = { kind: 'bootable', contentFrom: '\\\\server\\share', contentUser: 'SITE\\ann' };
    expect(await answer(flags)).toMatchObject({ contentUser: 'SITE\\ann' });
  });
});

describe('WinPE from the network', () => {
  const SHA256 = 'AB'.repeat(32);

  it('has what the output needs', async () => {
    const winpe = await aFile('boot.wim');
    const flags = {
      images: winpe,
      winpe,
      pxe: 'tree',
      pxeUrl: 'http://server/',
      wimboot: winpe,
      wimbootSha256: SHA256,
    };
    const { project, problems } = await load(completeAnswers(await answer(flags)));
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(project?.outputs.at(-1)).toEqual({
      pxe: expect.stringMatching(/tree$/),
      url: 'http://server/',
      wimboot: winpe,
      wimbootSha256: SHA256.toLowerCase(),
    });
  });

  it('names all that is missing, and what is no digest and no address', async () => {
    const winpe = await aFile('boot.wim');
    const flags = { images: winpe, winpe, pxe: 'tree' };
    await expect(answer(flags)).rejects.toMatchObject({
      message: expect.stringMatching(/missing: --pxe-url, --wimboot, --wimboot-sha256$/),
    });
    await expect(answer({ ...flags, pxeUrl: 'server' })).rejects.toMatchObject({ where: '--pxe-url' });
    await expect(answer({ ...flags, wimbootSha256: 'ab' })).rejects.toMatchObject({ where: '--wimboot-sha256' });
  });
});

describe('a prestaged medium', () => {
  it('is one file for a disk that starts by UEFI, and no ISO', async () => {
    const answers = await answer({ images: await aFile(), kind: 'prestaged', name: 'Factory' });
    expect(answers).toMatchObject({ prestaged: 'factory.img', firmware: 'uefi' });
    expect(answers).not.toHaveProperty('iso');
    expect(completeAnswers(answers)).toMatchObject({ iso: null, usb: null, pxe: null });
  });

  it('has no firmware to name where it is a WIM', async () => {
    const answers = await answer({ images: await aFile(), kind: 'prestaged', prestaged: 'factory.wim' });
    expect(answers).not.toHaveProperty('firmware');
  });

  it('is not carried to the machines, nor a stick laid onto disks', async () => {
    const images = await aFile();
    await expect(answer({ images, kind: 'prestaged', usb: 'a.img' })).rejects.toThrow(/--usb has no meaning/);
    await expect(answer({ images, prestaged: 'a.img' })).rejects.toThrow(/--prestaged has no meaning/);
    await expect(answer({ images, kind: 'prestaged', prestaged: 'a.iso' })).rejects.toThrow(/\.img or \.wim/);
    await expect(answer({ images, kind: 'prestaged', prestaged: '-' })).rejects.toThrow(/a file must be written/);
  });
});
