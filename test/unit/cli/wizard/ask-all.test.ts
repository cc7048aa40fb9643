import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SomeAnswers } from '../../../../builder/project/answers.ts';
import { askAll } from '../../../../cli/wizard/ask-all.ts';
import type { AnyQuestion } from '../../../../cli/wizard/question.ts';
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
    [{ kind: 'bootable' }, /"bootable" is not one of stand-alone, capture/],
    [{ validUntil: '2027-04-30' }, /2027-04-30 is over/],
    [{ validUntil: 'soon' }, /"soon" is not a date/],
    [{ validUntil: '30', validFrom: '2027-07-01' }, /after the last day, 2027-05-31/],
    [{ passwordEnvironment: 'two words' }, /not the name of an environment variable/],
    [{ label: 'größer' }, /capital letters/],
    [{ iso: 'medium.img' }, /ends in \.iso/],
    [{ iso: '../medium.iso' }, /leaves the project's folder/],
    [{ iso: '-' }, /something must be written/],
    [{ drivers: 'latitude' }, /is not a name, =, and a folder/],
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
