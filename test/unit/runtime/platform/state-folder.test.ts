import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderState, holdsState, STATE_FOLDER, USER_STATE_FOLDER } from '../../../../runtime/platform/state-folder.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const TEXT = Buffer.from('the journal');

describe('a state in a folder', () => {
  it('is found by the file or by the one that was to replace it', async () => {
    const root = await temporaryFolder();
    expect(await holdsState(root)).toBe(false);
    const state = folderState(root, 'here');
    await state.replace(TEXT);
    await rename(join(root, STATE_FOLDER, 'journal'), join(root, STATE_FOLDER, 'journal.new'));
    expect(await holdsState(root)).toBe(true);
    expect(await state.read()).toEqual(TEXT);
  });

  it('goes with everything beside it', async () => {
    const root = await temporaryFolder();
    const state = folderState(root, 'here');
    await state.replace(TEXT);
    await mkdir(join(root, STATE_FOLDER, 'bin'));
    await state.remove();
    expect(await readdir(root)).toEqual([]);
  });

  it('leaves user state that nothing has restored', async () => {
    const root = await temporaryFolder();
    const state = folderState(root, 'here');
    await state.replace(TEXT);
    const store = join(root, STATE_FOLDER, USER_STATE_FOLDER);
    await mkdir(store);
    await writeFile(join(store, 'USMT.MIG'), 'documents');
    await state.remove();
    expect(await readdir(join(root, STATE_FOLDER))).toEqual([USER_STATE_FOLDER]);
    expect(await readdir(store)).toEqual(['USMT.MIG']);
    expect(await holdsState(root)).toBe(false);
  });
});
