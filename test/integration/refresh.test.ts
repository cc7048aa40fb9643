import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Journal, readMemory } from '../../runtime/engine/journal/journal.ts';
import { mediumSeal } from '../../runtime/engine/journal/seal.ts';
import { exec } from '../../runtime/host/exec.ts';
import { folderState } from '../../runtime/platform/state-folder.ts';
import { PLAN, refresh, STORE, standInImage, starts, usedDisk } from '../helpers/refresh.ts';
import { aJournal } from '../helpers/run.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { type WindowsDisk, windowsDisk } from '../helpers/windows-disk.ts';

let image: string;
beforeAll(async () => {
  image = await standInImage();
}, 120_000);

async function rootOf(disk: WindowsDisk): Promise<string[]> {
  await using volume = await disk.mount('read');
  return (await readdir(volume.path)).sort();
}

describe.runIf(process.getuid?.() === 0)('a Windows is replaced beside the user state', { timeout: 120_000 }, () => {
  it('with everything kept that is to be kept, and nothing else', async () => {
    const disk = await usedDisk(image);
    const { outcome, said } = await refresh(image, disk);
    expect([outcome.error, said.filter((line) => line.startsWith('error'))]).toEqual([undefined, []]);
    {
      await using volume = await disk.mount('read');
      const { path } = volume;
      expect(await readFile(join(path, STORE), 'utf8')).toBe(PLAN);
      // The other name of the file went with the old Windows.
      expect((await stat(join(path, STORE))).nlink).toBe(1);
      expect(await readFile(join(path, 'StateStore/PC1/USMT/USMT.MIG'), 'utf8')).toBe('another store');
      expect(await readdir(join(path, 'Users'))).not.toContain('bob');
      const names = await readdir(path);
      for (const gone of ['Old', 'pagefile.sys']) expect(names).not.toContain(gone);
      for (const kept of ['_SMSTaskSequence', 'StateStore', 'System Volume Information', 'Windows', 'Users'])
        expect(names).toContain(kept);
    }
    expect(await starts(disk)).toEqual([true, true]);
    expect(await readFile(join(disk.system, 'EFI/ubuntu/shimx64.efi'), 'utf8')).toBe('another system');
    expect(await readFile(join(disk.system, 'EFI/Microsoft/Boot/BCD'), 'latin1')).toMatch(/^regf/);
  });

  it('with the fallback loader of another system left alone', async () => {
    const disk = await usedDisk(image);
    const fallback = join(disk.system, 'EFI/Boot/bootx64.efi');
    await writeFile(fallback, 'GRUB');
    expect((await refresh(image, disk)).outcome.error).toBeUndefined();
    expect(await readFile(fallback, 'utf8')).toBe('GRUB');
    expect((await readdir(join(disk.system, 'EFI/Boot'))).sort()).toEqual(['bootx64.efi']);
    expect((await readdir(join(disk.system, 'EFI/Microsoft/Boot'))).filter((name) => /efi/i.test(name))).toContain(
      'bootmgfw.efi',
    );
  });

  it('whose own drive has the state of the run that began in it', async () => {
    const disk = await usedDisk(image);
    {
      await using volume = await disk.mount('write');
      const journal = aJournal();
      await journal.moveTo(folderState(volume.path, 'C:\\'));
      await journal.close();
    }
    const [store] = await disk.platform.findStates();
    if (store === undefined) throw new Error('no state is found');
    const journal = new Journal((await readMemory(store)) as never, mediumSeal('digest', ''));
    await journal.moveTo(store);
    const { outcome, said } = await refresh(image, disk, { journal });
    expect([outcome.error, said.filter((line) => line.startsWith('warning'))]).toEqual([undefined, []]);
    await using volume = await disk.mount('read');
    expect(await readdir(join(volume.path, '_SMSTaskSequence'))).toEqual(['UserState']);
    expect(await readFile(join(volume.path, STORE), 'utf8')).toBe(PLAN);
  });

  it('and is what the image is, with rights, short names and links, as on an empty volume', async () => {
    const disk = await usedDisk(image);
    await refresh(image, disk);
    const kept = ['_SMSTaskSequence', 'StateStore', 'System Volume Information', 'Windows/Logs'];
    {
      await using volume = await disk.mount('write');
      for (const name of kept) await volume.files.remove(name);
    }
    const { stdout } = await exec(['ntfsfix', '-n', disk.windows]);
    expect(stdout).toContain('processed successfully');
    const fresh = await windowsDisk(image, 2, { windowsMib: 160 });
    {
      await using volume = await fresh.mount('write');
      await volume.files.remove('Windows/Logs');
    }
    const detailsOf = async (device: string): Promise<string[]> => {
      const file = join(await temporaryFolder(), 'captured.wim');
      await exec(['wimcapture', device, file, 'x', '--compress=none']);
      const lines = (await exec(['wimdir', file, '1', '--detailed'])).stdout.split('\n');
      const differs =
        /^(Compressed size|Offset in WIM|Link Group ID|Raw |Creation Time|Last Write|Last Access|Inode|Flags)/;
      return lines.filter((line) => !differs.test(line));
    };
    expect((await detailsOf(disk.windows)).join('\n')).toBe((await detailsOf(fresh.windows)).join('\n'));
  });

  it('takes the short name of a kept folder away that a folder of the image has', async () => {
    const disk = await usedDisk(image);
    {
      await using volume = await disk.mount('write');
      const { path } = volume;
      execFileSync('setfattr', ['-x', 'system.ntfs_dos_name', join(path, 'Program Files')]);
      await writeFiles(path, { 'Program State/kept.txt': 'x' });
      const name = ['-n', 'system.ntfs_dos_name', '-v', 'PROGRA~1', join(path, 'Program State')];
      execFileSync('setfattr', name);
    }
    const { outcome } = await refresh(image, disk, { variables: { OSDStateStorePath: 'C:\\Program State\\PC1' } });
    expect(outcome.error).toBeUndefined();
    expect(await rootOf(disk)).toContain('Program State');
  });

  it.each([
    [{ destination: 'present-windows' }, /is not empty/],
    [{ destination: { diskNumber: 1, partition: 3 }, wipe: true }, /which disk is number 1/],
    [{ destination: { diskNumber: 0, partition: 1 }, wipe: true }, /not NTFS/],
    [{ destination: { diskNumber: 0, partition: 2 }, wipe: true }, /no file system/],
    [{ destination: { diskNumber: 0, partition: 9 }, wipe: true }, /is not found/],
    [{ destination: { drive: 'C:' }, wipe: true }, /Linux has no drive/],
    [{ destination: 'next-formatted', wipe: true }, /is not found/],
    [{ destination: 'present-windows', wipe: true, disk: { bus: ['nvme'] } }, /is not found/],
  ])('is left as it was where the step may not: %j', async (options, message) => {
    const disk = await usedDisk(image);
    const before = await rootOf(disk);
    const { outcome } = await refresh(image, disk, {
      steps: [{ step: 'apply-operating-system', image: 'windows', ...options }],
    });
    expect(String(outcome.error)).toMatch(message);
    expect(await rootOf(disk)).toEqual(before);
    expect(await starts(disk)).toEqual([true, true]);
  });

  it('keeps the state of the run off the volume that is filled, and where the next start finds it', async () => {
    const disk = await usedDisk(image);
    const fail = { step: 'run-command-line', name: 'fail', command: ['false'] };
    const apply = { step: 'apply-operating-system', image: 'windows', destination: 'present-windows', wipe: true };
    let places: string[] = [];
    const stop = new AbortController();
    const { applyImage } = disk.platform;
    disk.platform.applyImage = async (...call) => {
      places = await readdir(join(disk.system, '_SMSTaskSequence'));
      await applyImage(...call);
      stop.abort();
    };
    await refresh(image, disk, { steps: [apply, fail], signal: stop.signal });
    expect(places).toEqual(['journal']);
    const states = await disk.platform.findStates();
    const memory = await readMemory(states[0] as never);
    for (const state of states) await state.close();
    expect(memory?.state).toMatchObject({
      target: { replacing: 3 },
      replaced: [{ volume: 3, keep: ['_SMSTaskSequence', 'System Volume Information', 'StateStore'] }],
    });
    expect(await starts(disk)).toEqual([false, false]);
    disk.platform.applyImage = applyImage;
    const seal = mediumSeal('digest', memory?.begin.run ?? '');
    const journal = new Journal(memory as never, seal);
    await journal.moveTo((await disk.platform.openState(memory?.state.target as never, 'winpe')) as never);
    const { outcome } = await refresh(image, disk, { steps: [apply], journal });
    expect(outcome.error).toBeUndefined();
    expect(await starts(disk)).toEqual([true, true]);
    await using volume = await disk.mount('read');
    expect(await readFile(join(volume.path, STORE), 'utf8')).toBe(PLAN);
  });
});
