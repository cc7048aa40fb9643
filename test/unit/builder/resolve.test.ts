import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MediaProject } from '../../../builder/config/load.ts';
import { resolveProject } from '../../../builder/resolve/resolve.ts';
import { SourceMemory } from '../../../builder/source-memory.ts';
import { exec } from '../../../runtime/host/exec.ts';
import { aProject } from '../../helpers/project.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

const { signal } = new AbortController();

async function resolve(project: MediaProject) {
  const cacheFolder = await temporaryFolder();
  const memory = new SourceMemory(cacheFolder);
  return resolveProject(project, { memory, verifySources: false, emit: () => {}, signal, exec, cacheFolder });
}

it('starts no program that would inherit a password from the environment', async () => {
  process.env.MEDIASMITH_TEST_RESOLVE = 'correct horse';
  await resolve(await aProject(() => ({ password: { environment: 'MEDIASMITH_TEST_RESOLVE' } })));
  expect((await exec(['env'])).stdout).not.toContain('correct horse');
});

/** A stick whose image has the name of a secret. */
function overSecret(folder: string, named: (file: string) => Partial<MediaProject>): Partial<MediaProject> {
  const secret = join(folder, 'secret.img');
  return { ...named(secret), outputs: [{ usb: secret }] };
}

describe('an output inside a source is refused', () => {
  it.each<[string, (project: MediaProject, folder: string) => Partial<MediaProject>]>([
    ['in a package', (_, folder) => ({ outputs: [{ iso: join(folder, 'tools/deep/out.iso') }] })],
    ['in a package that is the project itself', (_, folder) => ({ packages: [{ name: 'all', source: folder }] })],
    ['over a sequence', ({ sequences }) => ({ outputs: [{ iso: sequences[0]?.file ?? '' }] })],
    ['over the project', ({ file }) => ({ outputs: [{ iso: file }] })],
    [
      'by a disc of a set over a source',
      (_, folder) => ({
        images: [],
        packages: [{ name: 'tools', source: join(folder, 'tools-2.iso') }],
        outputs: [{ iso: join(folder, 'tools.iso'), mediaSize: '4.7 GB' }],
      }),
    ],
    [
      'by a disc of a set over another output',
      (_, folder) => ({
        outputs: [{ iso: join(folder, 'a.iso'), mediaSize: '4.7 GB' }, { iso: join(folder, 'a-1.iso') }],
      }),
    ],
    ['over the password', (_, folder) => overSecret(folder, (file) => ({ password: { file } }))],
    ['over the key that signs', (_, folder) => overSecret(folder, (key) => ({ signing: { key } }))],
    [
      'over the password of that key',
      (_, folder) => overSecret(folder, (file) => ({ signing: { key: '/key', password: { file } } })),
    ],
    ['only the second', (_, folder) => ({ outputs: [{ iso: '/out.iso' }, { iso: join(folder, 'tools/out.iso') }] })],
  ])('%s', async (_, change) => {
    const project = await aProject((known, folder) => ({
      packages: [{ name: 'tools', source: join(folder, 'tools') }],
      ...change(known, folder),
    }));
    await writeFiles(join(project.file, '../tools'), { 'a.txt': 'a' });
    await expect(resolve(project)).rejects.toMatchObject({ code: 'OUTPUT_INSIDE_SOURCE' });
  });

  it('by a disc of a set over another output, through a link', async () => {
    const project = await aProject((_, folder) => ({
      outputs: [{ iso: join(folder, 'a.iso'), mediaSize: '4.7 GB' }, { iso: join(folder, 'link/a-1.iso') }],
    }));
    await symlink('.', join(project.file, '../link'));
    await expect(resolve(project)).rejects.toMatchObject({ code: 'OUTPUT_INSIDE_SOURCE' });
  });

  it('but not beside one whose name it begins with', async () => {
    const project = await aProject((_, folder) => ({
      packages: [{ name: 'tools', source: join(folder, 'tools') }],
      outputs: [{ iso: join(folder, 'tools.iso') }, { iso: join(folder, 'tools-2/out.iso') }],
    }));
    await writeFiles(join(project.file, '../tools'), { 'a.txt': 'a' });
    expect((await resolve(project)).packages).toMatchObject([{ name: 'tools', files: 1, bytes: 1 }]);
  });
});

it.each(['tree/out.iso', 'link/out.iso'])('refuses an output inside a PXE tree, which replaces it: %s', async (iso) => {
  const project = await aProject((_, folder) => ({
    outputs: [{ iso: join(folder, iso) }, { pxe: join(folder, 'tree') }],
  }));
  await mkdir(join(project.file, '../tree'));
  await symlink('tree', join(project.file, '../link'));
  const message = expect.stringContaining('lies inside the output');
  await expect(resolve(project)).rejects.toMatchObject({ code: 'PROJECT_INVALID', message });
});
