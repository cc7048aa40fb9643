import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProject, type MediaProject } from '../../../../builder/config/load.ts';
import type { SomeAnswers } from '../../../../builder/project/answers.ts';
import { outsidePaths } from '../../../../builder/project/project-file.ts';
import { PROJECT_FILE, projectFiles } from '../../../../builder/project/write-project.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';
import { answersOf } from './answers-of.ts';

/** Writes the files of the answers and what they name, and loads the project as a build does. */
async function load(change: SomeAnswers = {}): Promise<{ project: MediaProject; folder: string; text: string }> {
  const folder = await temporaryFolder();
  const sources = join(folder, 'sources');
  await mkdir(join(sources, 'drivers'), { recursive: true });
  await writeFiles(sources, {
    'install.wim': '',
    'install.iso': '',
    'boot.wim': '',
    'password.txt': '',
    'minisign.key': '',
  });
  const inFolder = JSON.parse(JSON.stringify(answersOf(change)).replaceAll('"/sources/', `"${sources}/`));
  const files = await projectFiles(inFolder, folder);
  await writeFiles(folder, Object.fromEntries(files));
  const { project, problems } = await loadProject(join(folder, PROJECT_FILE));
  expect(problems).toEqual([]);
  return { project: project as MediaProject, folder, text: files.get(PROJECT_FILE) ?? '' };
}

const ISO = { name: 'pro', source: '/sources/install.iso', image: 6, facts: '', language: '' };
const LATITUDE = { name: 'latitude', source: '/sources/drivers', model: 'Latitude 5440*' };
const UPGRADE = { template: 'upgrade-in-place', values: { upgradePackage: 'windows-11-upgrade' } };

describe('the media.yaml that is written', () => {
  it('has a comment for each section, and the line for editors', async () => {
    const files = await projectFiles(answersOf({ drivers: [LATITUDE] }), '/projects/branch-office');
    const text = (files.get(PROJECT_FILE) ?? '').replace(/(?<=\$schema=).*(?=docs)/, '');
    await expect(text).toMatchFileSnapshot('media.golden.yaml');
  });

  it('shows what it says of an image on one line, whatever the image calls itself', async () => {
    const facts = 'x64, en-US\nprestart: { command: evil }\u2028x';
    const images = [{ ...answersOf().images[0], facts }] as SomeAnswers['images'];
    const { text, project } = await load({ images: images ?? [] });
    expect(text).toContain('# x64, en-US[U+000A]prestart: { command: evil }[U+2028]x\n');
    expect(project.prestart).toBeUndefined();
  });

  it('never lies in the place of a sequence', async () => {
    const sequences = [{ template: 'install-image', values: { image: 'windows-11-pro', id: 'media' } }];
    await expect(projectFiles(answersOf({ sequences }), '/p')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('would lie in the file of the project, media.yaml'),
    });
  });

  it.each([
    ['two\nlines', /^name: a value is one line/, undefined],
    ['x'.repeat(300), /no valid sequence/, 'Correct the values. Nothing was written.'],
  ])('speaks of answers where a value is wrong: %j', async (name, message, hint) => {
    const sequences = [{ template: 'install-image', values: { image: 'windows-11-pro', name } }];
    await expect(projectFiles(answersOf({ sequences }), '/p')).rejects.toMatchObject({
      message: expect.stringMatching(message),
      hint,
    });
  });

  it('is the same for the same answers', async () => {
    const [first, second] = [await projectFiles(answersOf(), '/p'), await projectFiles(answersOf(), '/p')];
    expect([...first]).toEqual([...second]);
  });

  it.each<[what: string, change: SomeAnswers, wanted: Partial<MediaProject>]>([
    ['one image', {}, { name: 'Branch office', label: 'BRANCH_OFFI', bootEnvironment: 'linux' }],
    ['an index', { images: [ISO], sequences: [{ template: 'install-image', values: { image: 'pro' } }] }, {}],
    ['drivers', { drivers: [LATITUDE, { ...LATITUDE, name: 'other' }] }, {}],
    ['WinPE', { bootEnvironment: 'winpe', winpe: '/sources/boot.wim' }, { bootEnvironment: 'winpe' }],
    [
      'a capture',
      { kind: 'capture', images: [], sequences: [{ template: 'capture-image', values: {} }] },
      { images: [] },
    ],
    ['an upgrade', { images: [ISO], sequences: [UPGRADE] }, {}],
    ['nobody there', { unattended: true }, { unattended: true, preferredSequence: 'install-image' }],
    [
      'dates',
      { validFrom: '2027-01-01', validUntil: '2027-12-31' },
      { valid: { from: '2027-01-01', until: '2027-12-31' } },
    ],
    ['a password', { passwordEnvironment: 'MEDIA_PASSWORD' }, { password: { environment: 'MEDIA_PASSWORD' } }],
    ['a stick', { iso: null, usb: 'a.img', layout: 'fat32+exfat' }, {}],
    ['a PXE tree', { pxe: 'pxe' }, {}],
    [
      'a prestaged disk of a BIOS',
      { kind: 'prestaged', iso: null, prestaged: 'a.img', firmware: 'bios' },
      { outputs: [{ prestaged: expect.stringMatching(/a\.img$/), layout: 'fat32', partitionTable: 'mbr' }] },
    ],
    [
      'a prestaged WIM',
      { kind: 'prestaged', iso: null, prestaged: 'a.wim' },
      { outputs: [{ prestaged: expect.any(String) }] },
    ],
    ['a name that YAML would take for another thing', { name: 'yes: #1 "it\'s"' }, { name: 'yes: #1 "it\'s"' }],
    ['a name that is a number', { name: '2027' }, { name: '2027' }],
  ])('is a project without problems: %s', async (_, change, wanted) => {
    expect((await load(change)).project).toMatchObject(wanted);
  });

  it('names what lies in the folder from there, and secrets by their file', async () => {
    const { text, project, folder } = await load({
      passwordFile: '/sources/password.txt',
      signingKey: '/sources/minisign.key',
      signingPasswordFile: '/sources/password.txt',
    });
    expect(text).toContain('password: { file: sources/password.txt }');
    expect(text).not.toContain(folder);
    expect(project.signing).toEqual({
      key: join(folder, 'sources/minisign.key'),
      password: { file: join(folder, 'sources/password.txt') },
    });
  });
});

it('knows which sources lie outside the folder, each once', () => {
  const answers = answersOf({ drivers: [LATITUDE], signingKey: '/p/key', passwordFile: '/sources/drivers' });
  expect(outsidePaths(answers, '/p')).toEqual(['/sources/install.wim', '/sources/drivers']);
  expect(outsidePaths(answersOf(), '/')).toEqual([]);
});

it('refuses two sequences with the same id', async () => {
  const twice = { template: 'custom', values: { id: 'mine' } };
  await expect(projectFiles(answersOf({ sequences: [twice, twice] }), '/p')).rejects.toMatchObject({ code: 'USAGE' });
});
