import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { loadProject } from '../../builder/config/load.ts';
import { makeDemoImage } from '../../builder/demo/windows-image.ts';
import { exec } from '../../runtime/host/exec.ts';
import { cli } from '../helpers/cli.ts';
import { makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

let image = '';
describe.runIf(process.getuid?.() === 0)('mediasmith init without a terminal', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    const size = { files: 200, bytes: 5_000_000 };
    const made = await makeDemoImage({ folder: join(cacheFolder(), 'demo'), exec, emit: () => undefined, size });
    image = made.path;
  });

  it('writes a project of flags that validates, and says in JSON what it has done', async () => {
    const folder = join(await temporaryFolder(), 'branch-office');
    const flags = ['--image', `${image}:Core`, '--sequence', 'install-image:timeZone=W. Europe Standard Time'];
    const { exitCode, stdout } = await cli(['init', folder, ...flags, '--json']);
    expect(JSON.parse(stdout)).toEqual({
      project: join(folder, 'media.yaml'),
      files: [join(folder, 'install-image.yaml'), join(folder, 'media.yaml')],
      built: null,
    });
    expect(exitCode).toBe(0);
    const validated = await cli(['validate', join(folder, 'media.yaml'), '--json']);
    expect(JSON.parse(validated.stdout)).toMatchObject({ problems: [] });
  });

  it('shows the plan with sizes and what to type the next time', async () => {
    const folder = join(await temporaryFolder(), 'office');
    const { stdout } = await cli(['init', folder, '--image', image, '--yes']);
    expect(stdout).toMatch(/ {2}mediasmith\/images\/stand-in-\w+\.wim +[\d.]+ MB {2}exported: /);
    // Whichever way from here to there is shorter.
    expect(stdout).toMatch(/ {2}npx mediasmith build \S+\/office\/media\.yaml\n/);
    expect(stdout).not.toContain('Nothing was written');
  });

  it('builds with --build what it has written', async () => {
    const folder = join(await temporaryFolder(), 'office');
    const { exitCode, stdout } = await cli(['init', folder, '--image', image, '--build', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ built: { outputs: [{ path: join(folder, 'office.iso') }] } });
    expect(exitCode).toBe(0);
  });

  it('takes WinPE, an image and an upgrade from one Windows ISO', async () => {
    const room = await temporaryFolder();
    const iso = await makeMicrosoftMedia(room).isoFile();
    const folder = join(room, 'office');
    const flags = ['--winpe', iso, '--image', `${iso}:Professional`, '--sequence', 'install-image'];
    const more = ['--sequence', 'upgrade-in-place', '--valid-until', '2099-12-31', '--label', 'OFFICE', '--json'];
    const { exitCode, stdout } = await cli(['init', folder, ...flags, ...more]);
    expect(exitCode, stdout).toBe(0);
    const { project, problems } = await loadProject(join(folder, 'media.yaml'));
    expect(problems).toEqual([]);
    expect(project).toMatchObject({
      bootEnvironment: 'winpe',
      winpe: { source: iso },
      images: [{ source: iso }],
      upgradePackages: [{ source: iso }],
      valid: { until: '2099-12-31' },
    });
  });

  it('says at once what is no source of WinPE', async () => {
    const room = await temporaryFolder();
    const { exitCode, stdout } = await cli(['init', join(room, 'p'), '--winpe', room, '--image', image, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'SOURCE_INVALID' } });
    expect(exitCode).toBe(2);
  });

  it('names every flag that is missing, and writes nothing', async () => {
    const folder = join(await temporaryFolder(), 'office');
    const { exitCode, stdout } = await cli(['init', folder, '--boot-environment', 'winpe', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'ANSWER_MISSING', message: expect.stringContaining('--winpe, --image') },
    });
    expect(exitCode).toBe(2);
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });

  it('never writes over a project or a sequence', async () => {
    const folder = await temporaryFolder();
    await symlink(image, join(folder, 'install.wim'));
    await writeFiles(folder, { 'install-image.yaml': 'mine\n' });
    const { stdout } = await cli(['init', folder, '--image', image, '--yes', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'OUTPUT_EXISTS', lines: ['install-image.yaml'] } });
    expect((await readdir(folder)).sort()).toEqual(['install-image.yaml', 'install.wim']);
  });

  it('refuses what makes no project, at the place where it would stand', async () => {
    const folder = join(await temporaryFolder(), 'office');
    const flags = ['--kind', 'capture', '--sequence', 'upgrade-in-place'];
    const { exitCode, stdout } = await cli(['init', folder, ...flags, '--json']);
    const { problems } = JSON.parse(stdout);
    expect(problems).toContainEqual(expect.objectContaining({ file: join(folder, 'upgrade-in-place.yaml') }));
    expect(exitCode).toBe(2);
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });
});
