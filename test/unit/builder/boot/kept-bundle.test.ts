import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { keptBundle } from '../../../../builder/boot/kept-bundle.ts';
import { hashBytes } from '../../../../builder/hash.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

async function project() {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'main.ts': "import { word } from './word.ts';\nconsole.log(word);\n",
    'word.ts': word('one'),
  });
  await settled(join(folder, 'word.ts'));
  const cache = join(folder, 'cache');
  const options = { entry: join(folder, 'main.ts'), projectFolder: folder };
  const bundle = async () => Buffer.from(await keptBundle(options, cache)).toString();
  const kept = async () => {
    const [name = ''] = await readdir(join(cache, 'bundles')).catch(() => []);
    return join(cache, 'bundles', name);
  };
  return { folder, cache, bundle, kept };
}

/** What was changed just before is not kept: waits until a file made now is younger by more than the clock's ticks. */
async function settled(file: string): Promise<void> {
  const { ctimeMs } = await stat(file);
  while (Date.now() < ctimeMs + 50) await stat(file);
}

const word = (text: string): string => `export const word: string = '${text}';\n`;

/** What is kept says something else than what a bundle would say. */
async function falsify(file: string): Promise<void> {
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('one', 'eno'));
}

describe('a bundle', () => {
  it('is taken from the cache as long as its sources are the same', async () => {
    const { bundle, kept } = await project();
    expect(await bundle()).toContain('"one"');
    const program = 'what only the cache has';
    const text = JSON.parse(await readFile(await kept(), 'utf8'));
    await writeFile(await kept(), JSON.stringify({ ...text, program, sha256: hashBytes(Buffer.from(program)) }));
    expect(await bundle()).toBe(program);
  });

  it('is made anew when a source has changed, and kept again', async () => {
    const { folder, bundle, kept } = await project();
    await bundle();
    await writeFile(join(folder, 'word.ts'), word('two'));
    await settled(join(folder, 'word.ts'));
    expect(await bundle()).toContain('"two"');
    expect(await readFile(await kept(), 'utf8')).toContain('two');
  });

  it('is made anew when a source only looks older', async () => {
    const { folder, bundle, kept } = await project();
    await bundle();
    const before = await readFile(await kept(), 'utf8');
    await utimes(join(folder, 'word.ts'), 1, 1);
    await settled(join(folder, 'word.ts'));
    expect(await bundle()).toContain('"one"');
    expect(await readFile(await kept(), 'utf8')).not.toBe(before);
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ['was changed', falsify],
    ['was cut', async (file) => writeFile(file, (await readFile(file, 'utf8')).slice(0, 99))],
    ['is of another shape', (file) => writeFile(file, '{"program":1}')],
  ])('is made anew when what is kept %s', async (_, damage) => {
    const { bundle, kept } = await project();
    const first = await bundle();
    await damage(await kept());
    expect(await bundle()).toBe(first);
  });

  it('is made where nothing can be kept', async () => {
    const { cache, bundle } = await project();
    await writeFile(cache, 'no folder');
    expect(await bundle()).toContain('"one"');
  });

  it('is made where the folder of bundles is none', async () => {
    const { cache, bundle } = await project();
    await writeFiles(cache, { bundles: 'no folder' });
    expect(await bundle()).toContain('"one"');
  });

  it('leaves nothing where what is kept cannot take its name', async () => {
    const { cache, bundle, kept } = await project();
    await bundle();
    const file = await kept();
    await rm(file);
    await mkdir(file);
    expect(await bundle()).toContain('"one"');
    expect(await readdir(join(cache, 'bundles'))).toEqual([basename(file)]);
  });

  it('is not kept when a source was changed since it was begun', async () => {
    const { bundle, cache } = await project();
    vi.spyOn(Date, 'now').mockReturnValue(0);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await bundle()).toContain('"one"');
    await expect(readdir(join(cache, 'bundles'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
