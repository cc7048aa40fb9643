import { describe, expect, it } from 'vitest';
import { type CpioEntry, cpioArchive } from '../../builder/tools/cpio.ts';
import { exec } from '../../runtime/host/exec.ts';
import { readCpio } from '../helpers/read-cpio.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const FILE: CpioEntry = { kind: 'file', path: 'usr/bin/tool', executable: true, data: Buffer.from('12345') };
const LINK: CpioEntry = { kind: 'link', path: 'bin', target: 'usr/bin' };
const LAST: CpioEntry = { kind: 'file', path: 'aaa', data: Buffer.from('') };

async function archive(entries: CpioEntry[], last?: CpioEntry): Promise<Buffer> {
  return cpioArchive({ entries, ...(last !== undefined && { last }), workspace: await temporaryFolder() }, exec);
}

describe('cpioArchive', () => {
  it('puts folders before what is in them, sorts, and ends with the trailer', async () => {
    const found = readCpio(await archive([FILE, LINK]));
    expect(found.map(({ path, mode, data }) => [path, mode.toString(8), String(data)])).toEqual([
      ['bin', '120777', 'usr/bin'],
      ['usr', '40755', ''],
      ['usr/bin', '40755', ''],
      ['usr/bin/tool', '100755', '12345'],
      ['TRAILER!!!', '0', ''],
    ]);
  });

  it('gives the same bytes whatever the order of its entries, at another time in another folder', async () => {
    expect((await archive([FILE, LINK])).equals(await archive([LINK, FILE]))).toBe(true);
  });

  it('keeps the last entry last, whatever its name', async () => {
    expect(readCpio(await archive([FILE, LINK], LAST)).at(-2)?.path).toBe('aaa');
  });

  it('belongs to root', async () => {
    const found = readCpio(await archive([FILE]));
    expect(found.map(({ owner, group }) => [owner, group])).toEqual(Array(4).fill([0, 0]));
  });
});
