import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkIntegrity } from '../../../../../runtime/platform/winpe/wim-integrity.ts';
import { WimFile } from '../../../../../runtime/wim/wim-file.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

/** Over ten mebibytes, and so in two parts. */
async function image(integrity: boolean): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(join(folder, 'files'), { a: Buffer.alloc(11 * 1024 ** 2, 'abc'), b: 'b' });
  using wim = await WimFile.create('none');
  await wim.addFolder(join(folder, 'files'), 'files');
  await wim.write(join(folder, 'a.wim'), { integrity });
  return join(folder, 'a.wim');
}

describe('the integrity table of a WIM', () => {
  it('says of a file that is whole that it is', async () => {
    const shares: number[] = [];
    const onProgress = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }): void => {
      shares.push(doneBytes / totalBytes);
    };
    await checkIntegrity(await image(true), { onProgress });
    expect(shares).toHaveLength(2);
    expect(shares.at(-1)).toBe(1);
  });

  it.each([300, 5 * 1024 ** 2, 10.8 * 1024 ** 2])('shows one byte that was changed, at %d', async (at) => {
    const file = await image(true);
    const bytes = await readFile(file);
    bytes[Math.floor(at)] = (bytes[Math.floor(at)] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expect(checkIntegrity(file, {})).rejects.toMatchObject({ code: 'READ_BACK_FAILED', where: file });
  });

  it.each([0.5, 0.99])('shows that the end is missing', async (share) => {
    const file = await image(true);
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, Math.floor(bytes.length * share)));
    await expect(checkIntegrity(file, {})).rejects.toMatchObject({ code: 'READ_BACK_FAILED' });
  });

  it('must be there', async () => {
    await expect(checkIntegrity(await image(false), {})).rejects.toMatchObject({ code: 'READ_BACK_FAILED' });
  });

  it('is left when somebody interrupts', async () => {
    const signal = AbortSignal.abort(new Error('interrupted'));
    await expect(checkIntegrity(await image(true), { signal })).rejects.toThrow('interrupted');
  });
});
