import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockedVolumes, openForWriting, otherVolumes } from '../../../../../runtime/platform/winpe/place-to-write.ts';
import { fakeWin32 } from '../../../../helpers/fake-win32.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { winpeHost } from '../../../../helpers/winpe-host.ts';

const MIB = 1024 ** 2;
const SIGNS = {
  ntfs: [3, 'NTFS    '],
  exfat: [3, 'EXFAT   '],
  fat32: [82, 'FAT32   '],
  locked: [3, '-FVE-FS-'],
} as const;

/** Disks of one volume each, by the letter it has. */
async function machine(volumes: Record<string, { kind: keyof typeof SIGNS; label?: string; files?: string[] }>) {
  const host = await winpeHost();
  for (const [number, [letter, { kind, label, files = [] }]] of Object.entries(volumes).entries()) {
    const disk = Buffer.alloc(2 * MIB);
    const [at, sign] = SIGNS[kind];
    disk.write(sign, MIB + at, 'latin1');
    await writeFiles(dirname(host.disk(number)), { [`${letter}/here`]: '' });
    for (const file of files) await writeFiles(host.drive(letter), { [file]: '' });
    await writeFile(host.disk(number), disk);
    host.windows.drives[letter] = { type: 'fixed', disk: number, ...(label !== undefined && { label }) };
    const partitions = [{ number: 1, startBytes: MIB, bytes: MIB }];
    host.windows.disks[host.disk(number)] = {
      bytes: 2 * MIB,
      layout: { style: 'mbr', identity: '00000001', partitions },
    };
  }
  host.win32 = fakeWin32(host.windows);
  return host;
}

describe('places for an image in WinPE', () => {
  it('are volumes that can be read and start or repair nothing', async () => {
    const host = await machine({
      D: { kind: 'ntfs', label: 'Data' },
      E: { kind: 'exfat', label: 'Stick' },
      F: { kind: 'fat32', label: '' },
      G: { kind: 'locked' },
      S: { kind: 'fat32', label: 'SYSTEM', files: ['EFI/Microsoft/Boot/BCD'] },
      R: { kind: 'ntfs', label: 'Tools', files: ['Recovery/WindowsRE/winre.wim'] },
    });
    expect((await otherVolumes(host)).map(({ device, label, fileSystem }) => [device, label, fileSystem])).toEqual([
      ['D:\\', 'Data', 'ntfs'],
      ['E:\\', 'Stick', 'exfat'],
      ['F:\\', '', 'fat32'],
    ]);
    expect((await otherVolumes(host, 'STICK')).map(({ device }) => device)).toEqual(['E:\\']);
    expect(await lockedVolumes(host)).toEqual([{ device: 'G:\\', disk: host.disk(3) }]);
  });

  it('are opened by the letter', async () => {
    const host = await machine({ D: { kind: 'ntfs', label: 'Data' } });
    const [volume] = await otherVolumes(host);
    if (volume === undefined) throw new Error('no volume');
    await using open = await openForWriting(host, { kind: 'volume', volume });
    expect(open.path).toBe(host.drive('D'));
    expect(open.freeBytes).toBeGreaterThan(0);
    expect(await open.files.exists(join('here'))).toBe(true);
  });

  it('is a share, which stays connected, with its account', async () => {
    const host = await winpeHost();
    const calls: unknown[][] = [];
    const win32 = fakeWin32({}, { connectShare: (...given) => (calls.push(given) > 1 ? 1326 : 0) });
    const share = { kind: 'share', server: 'server', share: 'logs', path: '', user: 'CORP\\ann' } as const;
    const place = { kind: 'share', share, password: 'secret' } as const;
    {
      await using open = await openForWriting({ ...host, win32 }, place, undefined, (unc) =>
        join(host.drive('S'), unc.replaceAll('\\', '_')),
      );
      await open.files.write('a/b', 'x');
      expect(await open.files.list('a')).toEqual(['b']);
    }
    expect(calls).toEqual([['\\\\server\\logs', 'CORP\\ann', 'secret']]);
    await expect(openForWriting({ ...host, win32 }, place)).rejects.toMatchObject({ code: 'PASSWORD_WRONG' });
  });
});
