import { createHash } from 'node:crypto';
import {
  copyFile,
  cp,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { makeDemoImage } from '../../builder/demo/windows-image.ts';
import { exec } from '../../runtime/host/exec.ts';
import { cli } from '../helpers/cli.ts';
import { ownCache } from '../helpers/own-cache.ts';
import { INSTALL_SEQUENCE } from '../helpers/project.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

type Fields = { label?: string; image?: string; source?: string; iso?: string; packages?: string; extra?: string };

function mediaYaml({
  label = 'TEST',
  image = 'Stand-in Pro',
  source = 'small.wim',
  iso = 'out.iso',
  packages,
  extra = '',
}: Fields = {}): string {
  return `formatVersion: 1
name: Test
label: ${label}
images:
  - { name: windows, source: ${source}, image: ${image} }
${packages === undefined ? '' : `packages:\n  - { name: tools, source: ${packages} }\n`}sequences: [install.yaml]
outputs: [{ iso: ${iso} }]
${extra}`;
}

let wim: string;

beforeAll(async () => {
  wim = (
    await makeDemoImage({
      folder: join(cacheFolder(), 'demo'),
      exec,
      emit: () => {},
      size: { files: 200, bytes: 5_000_000 },
    })
  ).path;
});

/** A project in a folder of its own, its WIM linked and not copied. */
async function project(fields: Fields = {}, sequence = INSTALL_SEQUENCE): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'media.yaml': mediaYaml(fields), 'install.yaml': sequence });
  await symlink(wim, join(folder, 'small.wim'));
  return folder;
}

const build = (folder: string, ...more: string[]) => cli(['build', join(folder, 'media.yaml'), '--json', ...more]);

it('says of a WIM over 1 GiB that nobody has verified it, and no more once it was', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'media.yaml': mediaYaml(), 'install.yaml': INSTALL_SEQUENCE });
  await copyFile(wim, join(folder, 'small.wim'));
  await truncate(join(folder, 'small.wim'), 1.125 * 1024 ** 3);
  const said = [expect.stringMatching(/small\.wim \(1\.1 GB\) was not verified.*--verify-sources/)];
  const notes = async (...more: string[]) => JSON.parse((await build(folder, '--dry-run', ...more)).stdout).plan.notes;
  expect(await notes()).toEqual(said);
  expect(await notes('--verify-sources')).toEqual([]);
  expect(await notes()).toEqual([]);
});

describe('a volume that its image does not fit onto', () => {
  const small = INSTALL_SEQUENCE.replace(
    '  - step: format-and-partition-disk\n',
    '  - step: format-and-partition-disk\n    volumes:\n      - { type: efi, size: 260 MB }\n      - { type: primary, name: Windows, size: 4 MB }\n',
  );

  it('is refused by validate and by build, which writes nothing', async () => {
    const folder = await project({}, small);
    const problem = { line: 8, severity: 'error', hint: expect.any(String), message: expect.stringContaining('4 MB') };
    const validated = await cli(['validate', join(folder, 'media.yaml'), '--json']);
    expect([validated.exitCode, JSON.parse(validated.stdout)]).toMatchObject([2, { problems: [problem] }]);
    const built = await build(folder);
    expect([built.exitCode, JSON.parse(built.stdout)]).toMatchObject([2, { problems: [problem] }]);
    expect((await readdir(folder)).sort()).toEqual(['install.yaml', 'media.yaml', 'small.wim']);
  });
});

describe('build', () => {
  it('writes an ISO, says its size, SHA-256 and stages, and gives the same bytes again', async () => {
    const folder = await project({ packages: 'tools' });
    await writeFiles(folder, { 'tools/readme.txt': 'tools', 'tools/sub/x.bin': new Uint8Array(70_000).fill(7) });
    const first = await build(folder);
    expect(first.stderr).toContain('Write ');
    const { outputs, stages } = JSON.parse(first.stdout);
    const bytes = await readFile(join(folder, 'out.iso'));
    expect(outputs).toEqual([
      {
        kind: 'iso',
        path: join(folder, 'out.iso'),
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    ]);
    expect(stages.map(({ name }: { name: string }) => name)).toEqual(['boot-environment', 'content', 'images', 'iso']);
    // As another checkout has it.
    const other = new Date('2031-05-06T07:08:09Z');
    for (const path of ['tools/readme.txt', 'tools/sub/x.bin', 'tools/sub', 'tools'])
      await utimes(join(folder, path), other, other);
    const second = await build(folder);
    expect(JSON.parse(second.stdout).outputs).toEqual(outputs);
    expect((await readdir(folder)).sort()).toEqual(['install.yaml', 'media.yaml', 'out.iso', 'small.wim', 'tools']);
  });

  it('has a manifest on the medium that agrees with every file', async () => {
    const folder = await project();
    await build(folder);
    const tree = join(folder, 'tree');
    await exec(['xorriso', '-osirrox', 'on', '-indev', join(folder, 'out.iso'), '-extract', '/', tree]);
    const manifest = JSON.parse(await readFile(join(tree, 'mediasmith/manifest.json'), 'utf8'));
    expect(manifest.files.length).toBeGreaterThan(8);
    for (const { path, bytes, sha256 } of manifest.files) {
      const data = await readFile(join(tree, path));
      expect([path, data.length, createHash('sha256').update(data).digest('hex')]).toEqual([path, bytes, sha256]);
    }
    await exec(['sha256sum', '--check', 'manifest.json.sha256'], { cwd: join(tree, 'mediasmith') });
    expect(await readdir(join(tree, 'mediasmith/licences'))).toContain('busybox-static.txt');
    await exec(['chmod', '-R', 'u+w', tree]);
  });

  it('prints a plan with sizes and writes nothing for --dry-run', async () => {
    const folder = await project();
    const before = await readdir(folder);
    const { exitCode, stdout } = await build(folder, '--dry-run');
    expect(exitCode).toBe(0);
    const { plan } = JSON.parse(stdout);
    expect(plan.files).toContainEqual({
      path: 'mediasmith/images/small.wim',
      bytes: (await stat(wim)).size,
      from: join(folder, 'small.wim'),
      how: 'exported',
    });
    expect(plan.totalBytes).toBeGreaterThan((await stat(wim)).size);
    expect(await readdir(folder)).toEqual(before);
  });

  it('reads a WIM of which every image is wanted in place', async () => {
    const folder = await project();
    await writeFile(
      join(folder, 'media.yaml'),
      mediaYaml().replace('images:\n', 'images:\n  - { name: home, source: small.wim, image: Stand-in Home }\n'),
    );
    const { plan } = JSON.parse((await build(folder, '--dry-run')).stdout);
    expect(plan.files.find(({ path }: { path: string }) => path.endsWith('small.wim')).how).toBe('in place');
    const { stages } = JSON.parse((await build(folder)).stdout);
    expect(stages.map(({ name }: { name: string }) => name)).toEqual(['boot-environment', 'iso']);
  });

  it('keeps the existing output and leaves nothing else when it is interrupted', async () => {
    const folder = await project();
    await writeFile(join(folder, 'out.iso'), 'precious');
    let sent = false;
    const { exitCode, stdout } = await cli(['build', join(folder, 'media.yaml'), '--json'], {
      onStderr: (stderr, kill) => {
        if (sent || !stderr.includes('Write ')) return;
        sent = true;
        kill('SIGINT');
      },
    });
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout).error.code).toBe('INTERRUPTED');
    expect(await readFile(join(folder, 'out.iso'), 'utf8')).toBe('precious');
    expect((await readdir(folder)).sort()).toEqual(['install.yaml', 'media.yaml', 'out.iso', 'small.wim']);
  });

  it('keeps the existing output when the tool that writes fails', async () => {
    const folder = await project();
    await writeFiles(folder, { 'out.iso': 'precious', 'bin/xorriso': '#!/bin/sh\necho no good >&2\nexit 7\n' });
    await exec(['chmod', '+x', join(folder, 'bin/xorriso')]);
    const { exitCode, stdout } = await cli(['build', join(folder, 'media.yaml'), '--json'], {
      env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
    });
    expect(exitCode).toBe(5);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'TOOL_FAILED', lines: ['no good'] });
    expect(await readFile(join(folder, 'out.iso'), 'utf8')).toBe('precious');
    expect((await readdir(folder)).sort()).toEqual(['bin', 'install.yaml', 'media.yaml', 'out.iso', 'small.wim']);
  });
});

describe('what changes or lies in wait while it builds', () => {
  it('a source that is written to meanwhile ends the build, keeps the output and is not remembered', async () => {
    const folder = await project({ source: 'own.wim' });
    await copyFile(wim, join(folder, 'own.wim'));
    await writeFile(
      join(folder, 'media.yaml'),
      mediaYaml({ source: 'own.wim' }).replace('images:\n', 'images:\n  - { name: home, source: own.wim, image: 2 }\n'),
    );
    await writeFiles(folder, {
      'out.iso': 'precious',
      'bin/xorriso': '#!/bin/sh\ntouch "$OWN"\nexec /usr/bin/xorriso "$@"\n',
    });
    await exec(['chmod', '+x', join(folder, 'bin/xorriso')]);
    const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, OWN: join(folder, 'own.wim') };
    const { exitCode, stdout } = await cli(['build', join(folder, 'media.yaml'), '--json'], { env });
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([5, 'SOURCE_CHANGED']);
    expect(await readFile(join(folder, 'out.iso'), 'utf8')).toBe('precious');
  });

  it('what a killed build has left is removed by the next', async () => {
    const folder = await project();
    await writeFiles(folder, { '.mediasmith-4194303-abcdef/medium.iso': 'left', '.mediasmith-mine/x': 'not ours' });
    expect((await build(folder)).exitCode).toBe(0);
    expect((await readdir(folder)).sort()).toEqual([
      '.mediasmith-mine',
      'install.yaml',
      'media.yaml',
      'out.iso',
      'small.wim',
    ]);
  });

  it('the settings of a user do not reach the medium', async () => {
    const folder = await project();
    const { outputs } = JSON.parse((await build(folder)).stdout);
    const home = await temporaryFolder();
    await writeFiles(home, { '.xorrisorc': '-publisher EVIL\n' });
    const env = { HOME: home, MEDIASMITH_CACHE: cacheFolder(), SOURCE_DATE_EPOCH: 'junk', TZ: 'Asia/Tokyo' };
    const again = await cli(['build', join(folder, 'media.yaml'), '--json'], { env });
    expect(JSON.parse(again.stdout).outputs).toEqual(outputs);
  });

  it('a damaged cache is refused, not built from', async () => {
    const cache = await ownCache(await temporaryFolder());
    const { initrd } = await prepareLinuxBootEnvironment({ cacheFolder: cacheFolder(), exec, emit: () => undefined });
    const damaged = join(cache, relative(cacheFolder(), initrd));
    await cp(dirname(initrd), dirname(damaged), { recursive: true });
    await truncate(damaged, 1000);
    const { exitCode, stdout } = await cli(['build', join(await project(), 'media.yaml'), '--json'], {
      env: { MEDIASMITH_CACHE: cache },
    });
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([2, 'SOURCE_INVALID']);
  });

  it('a reader that goes away does not stop a build half-way', async () => {
    const folder = await project();
    const launcher = `"${process.execPath}" cli/mediasmith.mjs build "${join(folder, 'media.yaml')}"`;
    await exec(['bash', '-c', `set -o pipefail; ${launcher} 2>&1 | head -n 1`]);
    expect((await readdir(folder)).sort()).toEqual(['install.yaml', 'media.yaml', 'out.iso', 'small.wim']);
  });
});

describe('bad input: exit code 2 and nothing written', () => {
  /** Builds, and returns the error after checking that nothing appeared. */
  async function refused(folder: string) {
    const before = (await readdir(folder, { recursive: true })).sort();
    const { exitCode, stdout } = await build(folder);
    const { error, problems } = JSON.parse(stdout);
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(before);
    expect({ exitCode, error }).toMatchObject({ exitCode: 2, error: { message: expect.any(String) } });
    return { ...error, problems };
  }

  it('a misspelt key in media.yaml, with line, column and what was meant', async () => {
    const { problems } = await refused(await project({ extra: 'unatended: true\n' }));
    expect(problems).toMatchObject([
      { line: 8, column: 1, message: 'unknown key "unatended"', hint: 'Did you mean "unattended"?' },
    ]);
  });

  it('a misspelt key in a sequence', async () => {
    const { problems } = await refused(await project({}, INSTALL_SEQUENCE.replace('image:', 'imgae:')));
    expect(problems).toContainEqual(
      expect.objectContaining({ line: 7, message: 'unknown key "imgae"', hint: 'Did you mean "image"?' }),
    );
  });

  it('a WIM that is not there', async () => {
    expect(await refused(await project({ source: 'nowhere.wim' }))).toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  });

  it.each([0.02, 0.5, 0.999])('a WIM cut to %f of its length', async (part) => {
    const folder = await project({ source: 'cut.wim' });
    await copyFile(wim, join(folder, 'cut.wim'));
    await truncate(join(folder, 'cut.wim'), Math.floor((await stat(wim)).size * part));
    expect((await refused(folder)).code).toMatch(/^(IMAGE_CORRUPT|SOURCE_INVALID)$/);
  });

  it('a WIM with a changed byte in the middle', async () => {
    const folder = await project({ source: 'bad.wim' });
    await copyFile(wim, join(folder, 'bad.wim'));
    const file = await open(join(folder, 'bad.wim'), 'r+');
    const place = Math.floor((await stat(wim)).size / 2);
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, place);
    await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0xff]), 0, 1, place);
    await file.close();
    expect(await refused(folder)).toMatchObject({ code: 'IMAGE_CORRUPT' });
  });

  it('an image that is not in the WIM, with those that are', async () => {
    expect(await refused(await project({ image: 'Stand-in Server' }))).toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      lines: ['1  Stand-in Pro (edition Professional)', '2  Stand-in Home (edition Core)'],
    });
    expect(await refused(await project({ image: '3' }))).toMatchObject({ code: 'IMAGE_NOT_FOUND' });
  });

  it('a label that is too long', async () => {
    const { problems } = await refused(await project({ label: 'A'.repeat(33) }));
    expect(problems).toMatchObject([{ line: 3, message: 'label: a volume label has at most 32 characters' }]);
  });

  it('an output inside a package', async () => {
    const folder = await project({ packages: 'tools', iso: 'tools/out.iso' });
    await writeFiles(folder, { 'tools/a': 'a' });
    expect(await refused(folder)).toMatchObject({ code: 'OUTPUT_INSIDE_SOURCE' });
  });

  it('an output that is its own source through a linked folder, and one that is a folder', async () => {
    const folder = await project({ iso: 'self/small.wim.iso', source: 'small.wim.iso' });
    await symlink('.', join(folder, 'self'));
    await copyFile(wim, join(folder, 'small.wim.iso'));
    expect(await refused(folder)).toMatchObject({ code: 'OUTPUT_INSIDE_SOURCE' });
    const other = await project();
    await mkdir(join(other, 'out.iso'));
    expect(await refused(other)).toMatchObject({ code: 'PROJECT_INVALID' });
  });

  it('a split WIM of which a part is missing, and a part that is not the first', async () => {
    const folder = await project({ source: 'part.swm', image: '1' });
    await exec(['wimlib-imagex', 'split', wim, join(folder, 'part.swm'), '1']);
    await rename(join(folder, 'part2.swm'), join(folder, 'other.swm'));
    expect(await refused(folder)).toMatchObject({ code: 'SOURCE_INVALID', message: expect.stringContaining('part 2') });
    const second = await project({ source: 'other.swm', image: '1' });
    await copyFile(join(folder, 'other.swm'), join(second, 'other.swm'));
    expect(await refused(second)).toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('part 2 of'),
    });
  });

  it('a name in a package that Windows cannot hold', async () => {
    const folder = await project({ packages: 'tools' });
    await writeFiles(folder, { 'tools/co:lon.txt': '' });
    expect(await refused(folder)).toMatchObject({ code: 'NAME_NOT_ALLOWED' });
  });

  it('a path that leaves the folder of the project, and a link that leaves its package', async () => {
    expect(await refused(await project({ source: '../small.wim' }))).toMatchObject({ code: 'PATH_OUTSIDE' });
    const folder = await project({ packages: 'tools' });
    await mkdir(join(folder, 'tools'));
    await symlink('/etc/hostname', join(folder, 'tools/link'));
    expect(await refused(folder)).toMatchObject({ code: 'PATH_OUTSIDE' });
  });

  it('an output on a disk that is full', async () => {
    const folder = await project({ iso: 'small-disk/out.iso' });
    const disk = join(folder, 'small-disk');
    await mkdir(disk);
    await exec(['mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]);
    onTestFinished(async () => void (await exec(['umount', disk])));
    expect(await refused(folder)).toMatchObject({ code: 'NO_SPACE' });
  });
});
