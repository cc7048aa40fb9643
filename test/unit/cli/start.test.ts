import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolder } from '../../../builder/cache-folder.ts';
import { VERSION } from '../../../runtime/contract/version.ts';
import { cli } from '../../helpers/cli.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

const ANSWER = { exitCode: 0, stdout: `${VERSION}\n`, stderr: '' };

it('keeps what Node has compiled where everything is kept that can be made again', async () => {
  const folder = await temporaryFolder();
  for (const env of [
    { MEDIASMITH_CACHE: join(folder, 'own'), XDG_CACHE_HOME: '' },
    { MEDIASMITH_CACHE: '', XDG_CACHE_HOME: folder },
    { MEDIASMITH_CACHE: '', XDG_CACHE_HOME: join(folder, 'home/.cache') },
  ]) {
    await writeFiles(folder, { 'home/a': '' });
    expect(await cli(['--version'], { env })).toEqual(ANSWER);
    expect(await readdir(join(cacheFolder(env), 'compiled'))).toHaveLength(1);
  }
});

it('starts all the same where nothing can be kept', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { file: '' });
  for (const cache of [join(folder, 'file'), join(folder, 'file/cache'), join(folder, 'a/b/c'), '/proc/cache'])
    expect(await cli(['--version'], { env: { MEDIASMITH_CACHE: cache } }), cache).toEqual(ANSWER);
  expect(await readdir(folder)).toEqual(['file']);
});
