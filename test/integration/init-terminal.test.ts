import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFailed } from 'vitest';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { loadProject, type MediaProject } from '../../builder/config/load.ts';
import { makeDemoImage } from '../../builder/demo/windows-image.ts';
import { exec } from '../../runtime/host/exec.ts';
import { CTRL_C, CTRL_D, DOWN, ENTER, type PtyRun, startPty } from '../helpers/pty.ts';
import { STAND_IN_DRIVER } from '../helpers/stand-in-driver.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

const KEPT = '.mediasmith-init.json';
const PROJECT = 'branch-office';

/** A folder with install.wim, two editions of a stand-in, and drivers beside it. */
async function aRoom(): Promise<string> {
  const size = { files: 200, bytes: 5_000_000 };
  const image = await makeDemoImage({ folder: join(cacheFolder(), 'demo'), exec, emit: () => undefined, size });
  const folder = await temporaryFolder();
  await symlink(image.path, join(folder, 'install.wim'));
  await writeFiles(folder, { 'latitude/net.inf': STAND_IN_DRIVER, 'installer/setup.exe': '' });
  return folder;
}

function start(folder: string, ...args: string[]): PtyRun {
  const run = startPty(['init', PROJECT, ...args], { cwd: folder });
  onTestFailed(() => void process.stderr.write(`${run.screen.lines().join('\n')}\n`));
  return run;
}

async function toImages(run: PtyRun): Promise<void> {
  await run.answer('? Kind of medium');
  await run.answer('? Boot environment');
}

async function imagesPage(run: PtyRun): Promise<void> {
  await run.answer('? Windows image', `install.wim${ENTER}`);
  await run.answer('? Images to put on the medium');
  await run.answer('? Another file');
}

async function sequencesPage(run: PtyRun): Promise<void> {
  await run.answer('? Task sequences to begin with');
  await run.answer("? Windows' name for the time zone");
  await run.answer('? Formats of dates');
  await run.answer('? The keyboard');
  await run.answer('? Change more');
  await run.answer('? Unattended');
}

async function securityPage(run: PtyRun): Promise<void> {
  await run.answer('? Last day of use');
  await run.answer('? First day of use');
  await run.answer('? Keyboard where the medium asks');
  await run.answer('? File with the password');
  await run.answer('? Or the environment variable');
  await run.answer('? Secret key');
}

async function outputPage(run: PtyRun): Promise<void> {
  await run.answer('? Name of the medium');
  await run.answer('? Volume label');
  await run.answer('? ISO file');
  await run.answer('? Image of a USB stick');
  await run.answer('? Folder for a PXE server');
}

async function loaded(folder: string): Promise<MediaProject> {
  const { project, problems } = await loadProject(join(folder, PROJECT, 'media.yaml'));
  expect(problems).toEqual([]);
  return project as MediaProject;
}

const kept = async (folder: string): Promise<object> =>
  JSON.parse(await readFile(join(folder, PROJECT, KEPT), 'utf8')).answers;

describe.runIf(process.getuid?.() === 0)('mediasmith init in a terminal', { timeout: 180_000 }, () => {
  it('makes a project of an image and of Enter on every page', async () => {
    const folder = await aRoom();
    const run = start(folder);
    await toImages(run);
    await imagesPage(run);
    await run.answer('? Folder with drivers');
    await sequencesPage(run);
    await securityPage(run);
    await outputPage(run);
    await run.answer('? Build it now?', `n${ENTER}`);
    expect(await run.ended()).toBe(0);
    expect((await readdir(join(folder, PROJECT))).sort()).toEqual(['install-image.yaml', 'media.yaml']);
    expect(await loaded(folder)).toMatchObject({
      name: 'Branch office',
      images: [{ name: 'stand-in-pro', image: 'Stand-in Pro', source: join(folder, 'install.wim') }],
      outputs: [{ iso: join(folder, PROJECT, 'branch-office.iso') }],
    });
    expect(run.screen.wrapped).toBe(0);
    const screen = run.screen
      .lines()
      .map((line) => line.replace(/ +[\d.]+ ([KMG]?B)\b/g, ' N $1').replace(/\[[\d.]+m?s\]/, '[s]'));
    const text = screen
      .join('\n')
      .replaceAll(folder, '/ROOM')
      .replace(/\/(ROOM|tmp)\/?\S*…\S*/g, '…');
    await expect(`${text.trim()}\n`).toMatchFileSnapshot('init-terminal.golden.txt');
  });

  it('lists what is in a file, and the templates, on screens of 80 columns', async () => {
    const folder = await aRoom();
    const run = start(folder, '--label', 'LAB');
    const shown: string[] = [];
    const show = async (words: string): Promise<void> => {
      await run.until(words);
      const row = run.screen.lines().findLastIndex((line) => line.includes(words));
      await run.sees('⏎ ');
      shown.push(run.screen.lines().slice(row).join('\n').trimEnd());
      run.type(ENTER);
    };
    await show('? Kind of medium');
    await show('? Boot environment');
    await run.answer('? Windows image', `install.wim${ENTER}`);
    await show('? Images to put on the medium');
    await run.answer('? Another file');
    await run.answer('? Folder with drivers');
    await show('? Task sequences to begin with');
    await run.answer("? Windows' name for the time zone");
    await run.answer('? Formats of dates');
    await run.answer('? The keyboard');
    await run.answer('? Change more', `y${ENTER}`);
    await show('? What to change');
    await run.answer('? Unattended', CTRL_C);
    await run.ended();
    await expect(`${shown.join('\n\n')}\n`).toMatchFileSnapshot('init-lists.golden.txt');
    expect(run.screen.wrapped).toBe(0);
  });

  it('asks for a prestaged medium which file, and how the machines start', async () => {
    const folder = await aRoom();
    const run = start(folder, '--no-build', '--image', 'install.wim');
    await run.answer('? Kind of medium', `${DOWN.repeat(2)}${ENTER}`);
    await run.answer('? Boot environment');
    await run.answer('? Folder with drivers');
    await sequencesPage(run);
    await securityPage(run);
    await run.answer('? Name of the medium', `Factory${ENTER}`);
    await run.answer('? Volume label');
    await run.answer('? File to write');
    await run.until('? How the machines start');
    await run.sees('⏎ ');
    const row = run.screen.lines().findLastIndex((line) => line.includes('Output ('));
    const shown = run.screen.lines().slice(row).join('\n').trimEnd();
    await expect(`${shown}\n`).toMatchFileSnapshot('init-prestaged.golden.txt');
    run.type(`${DOWN}${ENTER}`);
    expect(await run.ended()).toBe(0);
    expect(run.screen.wrapped).toBe(0);
    expect(run.screen.lines().at(-2)?.trim()).toMatch(/^npx mediasmith verify \S+factory\.img$/);
    expect((await loaded(folder)).outputs).toEqual([
      { prestaged: join(folder, PROJECT, 'factory.img'), layout: 'fat32', partitionTable: 'mbr' },
    ]);
  });

  it('takes other answers than those that stand there', async () => {
    const folder = await aRoom();
    const run = start(folder, '--no-build', '--name', 'Labor', '--label', 'LAB', '--unattended');
    await toImages(run);
    await run.answer('? Windows image', `nowhere.wim${ENTER}`);
    await run.answer('cannot open', '\u0015');
    run.type(`install.wim${ENTER}`);
    await run.answer('? Images to put on the medium', `${DOWN} ${ENTER}`);
    await run.answer('? Another file');
    await run.answer('? Folder with drivers', `installer${ENTER}`);
    await run.sees('has no driver');
    run.type(`\u0015latitude${ENTER}`);
    await run.answer('? Name of this package');
    await run.answer('? Model it is for', `Latitude 5440*${ENTER}`);
    await run.answer('? Another folder');
    await run.answer('? Task sequences to begin with');
    for (const name of ['Install Windows: stand-in-pro', 'Install Windows: stand-in-home']) {
      await run.until(name);
      const first = name.endsWith('pro');
      await run.answer("? Windows' name for the time zone", first ? `Central Asia Standard Time${ENTER}` : ENTER);
      await run.answer('? Formats of dates');
      await run.answer('? The keyboard');
      await run.answer('? Change more', `${first ? 'y' : ''}${ENTER}`);
      if (!first) continue;
      await run.answer('? What to change', `${DOWN} ${ENTER}`);
      await run.answer('? Shown in the menu', `\u0015Install Pro${ENTER}`);
    }
    await run.answer('? Last day of use', `30${ENTER}`);
    await run.answer('? First day of use');
    await run.answer('? Keyboard where the medium asks', `de-de${ENTER}`);
    await run.answer('? File with the password');
    await run.answer('? Or the environment variable', `MEDIA_PASSWORD${ENTER}`);
    await run.answer('? Secret key');
    await run.answer('? ISO file', `-${ENTER}`);
    await run.answer('? Image of a USB stick', `stick.img${ENTER}`);
    await run.answer('? Volumes of the stick', `${DOWN}${ENTER}`);
    await run.answer('? Folder for a PXE server');
    expect(await run.ended()).toBe(0);
    const project = await loaded(folder);
    expect(project).toMatchObject({
      name: 'Labor',
      label: 'LAB',
      unattended: true,
      keyboardLayout: 'de-DE',
      password: { environment: 'MEDIA_PASSWORD' },
      outputs: [{ usb: join(folder, PROJECT, 'stick.img'), layout: 'fat32+exfat' }],
      packages: [{ name: 'latitude' }],
    });
    expect(project.sequences.map(({ sequence }) => sequence.name)).toEqual([
      'Install Pro',
      'Install Windows: stand-in-home',
    ]);
    for (const { file } of project.sequences)
      expect(await readFile(file, 'utf8')).toContain('Central Asia Standard Time');
  });

  it.each<[key: string, keys: string, page: string, pages: readonly ((run: PtyRun) => Promise<void>)[], words: string]>(
    [
      ['Ctrl-C', CTRL_C, 'the first page', [], '? Kind of medium'],
      ['Ctrl-C', CTRL_C, 'the images', [toImages], '? Windows image'],
      ['Ctrl-D', CTRL_D, 'the images', [toImages], '? Windows image'],
      ['Ctrl-C', CTRL_C, 'the drivers', [toImages, imagesPage], '? Folder with drivers'],
    ],
  )('leaves nothing but the answers after %s %#', async (_, keys, __, pages, words) => {
    const folder = await aRoom();
    const run = start(folder);
    for (const page of pages) await page(run);
    await run.answer(words, keys);
    expect(await run.ended()).toBe(130);
    expect(run.screen.lines().join('\n')).toContain('Error INTERRUPTED');
    const left = await readdir(join(folder, PROJECT)).catch(() => []);
    expect(left).toEqual(pages.length === 0 ? [] : [KEPT]);
  });

  it('goes on where it was stopped', async () => {
    const folder = await aRoom();
    const first = start(folder, '--no-build');
    await toImages(first);
    await imagesPage(first);
    await first.answer('? Folder with drivers', CTRL_C);
    await first.ended();
    expect(await kept(folder)).toMatchObject({ kind: 'stand-alone', images: [{ name: 'stand-in-pro' }] });

    const second = start(folder, '--no-build');
    await second.answer('? A run was left in the middle');
    await second.answer('? Folder with drivers');
    await sequencesPage(second);
    await second.answer('? Last day of use', CTRL_C);
    await second.ended();

    const third = start(folder, '--no-build', '--continue');
    await securityPage(third);
    await outputPage(third);
    expect(await third.ended()).toBe(0);
    expect(third.screen.lines().join('\n')).not.toContain('? Kind of medium');
    expect(third.screen.lines()).toContain('Kept from the last time: Windows images');
    expect((await readdir(join(folder, PROJECT))).sort()).toEqual(['install-image.yaml', 'media.yaml']);
    await loaded(folder);
  });

  it('begins anew with --restart', async () => {
    const folder = await aRoom();
    await writeFiles(folder, { [`${PROJECT}/${KEPT}`]: '{"formatVersion":1,"answers":{"kind":"capture"}}' });
    const run = start(folder, '--restart');
    await run.answer('? Kind of medium', CTRL_C);
    expect(await run.ended()).toBe(130);
  });

  it('asks before it replaces a project, and builds what it has written', async () => {
    const folder = await aRoom();
    await writeFiles(folder, { [`${PROJECT}/media.yaml`]: 'mine\n' });
    const refused = start(folder);
    await refused.answer('? media.yaml is there already. Replace?');
    expect(await refused.ended()).toBe(2);
    expect(await readFile(join(folder, PROJECT, 'media.yaml'), 'utf8')).toBe('mine\n');

    const agreed = start(folder, '--image', 'install.wim', '--kind', 'stand-alone');
    await agreed.answer('? media.yaml is there already. Replace?', `y${ENTER}`);
    await agreed.answer('? Boot environment');
    await agreed.answer('? Folder with drivers');
    await sequencesPage(agreed);
    await securityPage(agreed);
    await outputPage(agreed);
    await agreed.answer('? Build it now?');
    expect(await agreed.ended()).toBe(0);
    await loaded(folder);
    expect(agreed.screen.lines().join('\n')).toMatch(/✔ Write [\s\S]+ SHA-256/);
    expect(await readdir(join(folder, PROJECT))).toContain('branch-office.iso');
  });
});
