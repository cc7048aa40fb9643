import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isUnfinished } from '../../../../../runtime/platform/claim.ts';
import type { PartitionTable } from '../../../../../runtime/platform/partition-table.ts';
import type { PartitionTask, TargetDisk } from '../../../../../runtime/platform/platform.ts';
import { readAt } from '../../../../../runtime/platform/raw-disk.ts';
import { layoutOfImage } from '../../../../../runtime/platform/winpe/layout-of-image.ts';
import { readMachine } from '../../../../../runtime/platform/winpe/machine.ts';
import { findMedium } from '../../../../../runtime/platform/winpe/medium.ts';
import { partitionDisk } from '../../../../../runtime/platform/winpe/partition.ts';
import { partitionPrestaged } from '../../../../../runtime/platform/winpe/partition-prestaged.ts';
import { prestagedMedium, withPrestaged } from '../../../../../runtime/platform/winpe/prestaged-medium.ts';
import { removeMedium } from '../../../../../runtime/platform/winpe/remove-medium.ts';
import { layoutDisk } from '../../../../../runtime/steps/format-and-partition-disk/layout.ts';
import { MEDIUM_ID } from '../../../../helpers/fake-medium.ts';
import { oneVolume, prestagedFiles, twoVolumes } from '../../../../helpers/prestaged-partitions.ts';
import { GIB, MIB, type PrestagedWinpe, prestagedWinpe, wholePlaces } from '../../../../helpers/prestaged-winpe.ts';
import type { TestHost } from '../../../../helpers/winpe-host.ts';

const IDENTITY = '00000000-0000-4000-8000-000000000000';
const tableOf = (style: 'gpt' | 'mbr', bytes = 40 * GIB): PartitionTable =>
  layoutDisk({ style, volumes: undefined }, bytes, () => IDENTITY);

/** Finds the medium, looks at the disk and lays it out, as a run does. */
async function deploy(winpe: PrestagedWinpe, table = tableOf('gpt'), task: PartitionTask = {}): Promise<TargetDisk> {
  const { host } = winpe;
  const found = await findMedium(host, MEDIUM_ID);
  const medium = await prestagedMedium(host, found);
  const { disks } = await withPrestaged(await readMachine(host, [found.disk]), medium);
  const [disk] = disks;
  if (disk === undefined || medium === undefined) throw new Error('no prestaged medium');
  return partitionPrestaged(
    host,
    disk,
    { table, claim: MEDIUM_ID, medium },
    { ...task, ownLetters: ['X', found.device.charAt(0)] },
  );
}

const placesIn = ({ machine }: PrestagedWinpe) =>
  (layoutOfImage(machine.disk(0).file)?.partitions ?? [])
    .map(({ startBytes, bytes }) => [startBytes / MIB, bytes / MIB])
    .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));

/** As the program was called, without its path; GUIDs differ. */
const scripts = ({ host }: PrestagedWinpe) =>
  host.lines.map((line) =>
    line
      .slice(line.indexOf(' ') + 1)
      .split('; ')
      .join('\n'),
  );

const LAID_OUT = [
  [1, 260],
  [261, 16],
  [277, 38_248],
  // NTFS, as this WinPE has no part for exFAT.
  [38_525, 1144],
  [39_669, 300],
  [39_969, 990],
];

describe('a disk that the medium lies on', () => {
  it('has it at its end, and Windows before it', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    const moved: number[] = [];
    const onMove = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) =>
      void moved.push(doneBytes / totalBytes);
    const target = await deploy(winpe, tableOf('gpt'), { onMove });
    expect(scripts(winpe)).toMatchInlineSnapshot(`
      [
        "select disk 0
      select partition 4
      delete partition override",
        "rescan
      select disk 0
      create partition primary size=1144 offset=39449600
      format quick fs=ntfs label="MEDIUM"
      assign letter=Z
      create partition efi size=300 offset=40621056
      format quick fs=fat32 label="MEDIUM"
      assign letter=Y",
        "select disk 0
      select volume D
      remove letter=D
      select partition 3
      delete partition override
      select partition 2
      delete partition override
      select volume Z
      remove letter=Z
      assign letter=D",
        "select disk 0
      uniqueid disk id=00000000-0000-4000-8000-000000000000 noerr",
        "select disk 0
      create partition efi size=260 offset=1024
      format quick fs=fat32 label="SYSTEM"
      assign letter=S
      create partition msr size=16 offset=267264
      create partition primary size=38248 offset=283648
      format quick fs=ntfs label="Windows"
      assign letter=W
      create partition primary size=990 offset=40928256
      format quick fs=ntfs label="Recovery"
      assign letter=R
      set id=de94bba4-06d1-4d40-a16a-bfd50179d6ac
      gpt attributes=0x8000000000000001",
      ]
    `);
    expect(placesIn(winpe)).toEqual(LAID_OUT);
    expect(await wholePlaces(winpe.machine)).toEqual({ boot: [39_669 * MIB], data: [38_525 * MIB] });
    expect(await readFile(join(winpe.host.drive('D'), 'mediasmith/sequences/it.json'), 'utf8')).toBe('{}');
    expect(target.volumes.map(({ device }) => device.slice(0, 2))).toEqual(['S:', '\\\\', 'W:', 'R:']);
    expect(target).toMatchObject({ style: 'gpt', identity: IDENTITY });
    const windows = target.volumes[2];
    expect(target.mediumRoom).toEqual({ volume: windows?.number, startBytes: 38_525 * MIB, bytes: 1444 * MIB });
    expect(isUnfinished(await readAt(winpe.machine.disk(0).file, 0, MIB))).toBe(true);
    expect([moved.at(-1), moved.toSorted((a, b) => a - b)]).toEqual([1, moved]);
  });

  it('of an MBR, whose active partition is the medium to the end', async () => {
    const winpe = await prestagedWinpe(oneVolume(), { style: 'mbr' });
    const target = await deploy(winpe, tableOf('mbr'));
    expect(scripts(winpe)).toMatchInlineSnapshot(`
      [
        "rescan
      select disk 0
      create partition primary size=1300 offset=39597056
      format quick fs=fat32 label="MEDIUM"
      assign letter=Z",
        "select disk 0
      select partition 1
      active
      select volume D
      remove letter=D
      select partition 2
      delete partition override
      select volume Z
      remove letter=Z
      assign letter=D",
        "select disk 0
      create partition primary size=100 offset=1024
      format quick fs=ntfs label="System"
      assign letter=S
      create partition primary size=38568 offset=103424
      format quick fs=ntfs label="Windows"
      assign letter=W
      create partition primary size=990 offset=40928256
      format quick fs=ntfs label="Recovery"
      assign letter=R
      set id=27",
      ]
    `);
    expect(placesIn(winpe)).toEqual([
      [1, 100],
      [101, 38_568],
      [38_669, 1300],
      [39_969, 990],
    ]);
    expect(target.identity).toBe('0badcafe');
    const sector = await readAt(winpe.machine.disk(0).file, 0, 512);
    const active = [0, 1, 2, 3].filter((index) => sector[446 + index * 16] === 0x80);
    expect(active.map((index) => sector.readUInt32LE(446 + index * 16 + 8) / 2048)).toEqual([38_669]);
  });

  it('loses everything else that was on it', async () => {
    const before = await prestagedWinpe(twoVolumes('gpt'));
    await deploy(before);
    expect(before.host.lines[0]).toMatch(/select disk 0; select partition 4; delete partition override$/);
  });

  it('keeps its medium where an earlier start has put it', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    await deploy(winpe);
    await winpe.startAgain();
    const before = winpe.host.lines.length;
    const target = await deploy(winpe);
    expect(winpe.host.lines.slice(before).join('\n')).not.toContain('fs=exfat');
    expect(placesIn(winpe)).toEqual(LAID_OUT);
    expect(await wholePlaces(winpe.machine)).toEqual({ boot: [39_669 * MIB], data: [38_525 * MIB] });
    expect(target.mediumRoom?.startBytes).toBe(38_525 * MIB);
  });

  it('moves it twice where the room is another than before', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    await deploy(winpe);
    await winpe.startAgain();
    const volumes = [
      { type: 'efi', size: '260 MB' },
      { type: 'primary', size: 'rest' },
    ] as const;
    await deploy(
      winpe,
      layoutDisk({ style: 'gpt', volumes }, 40 * GIB, () => IDENTITY),
    );
    expect(await wholePlaces(winpe.machine)).toEqual({ boot: [40_659 * MIB], data: [39_515 * MIB] });
    expect(placesIn(winpe)).toHaveLength(4);
  });
});

describe('before anything is changed', () => {
  it.each([
    ['a table of the other style', tableOf('mbr'), 'DISK_NOT_CHOSEN'],
    ['a disk that is too small', tableOf('gpt', 2500 * MIB), 'VOLUME_TOO_SMALL'],
  ])('refuses %s', async (_, table, code) => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    await expect(deploy(winpe, table)).rejects.toMatchObject({
      code,
      hint: expect.stringContaining('Nothing was changed'),
    });
    expect(winpe.host.lines).toEqual([]);
  });

  it('refuses a disk that something else of this run lies on', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    winpe.host.windows.drives.X = { type: 'fixed', disk: 0, partition: 9 };
    await expect(deploy(winpe)).rejects.toMatchObject({ code: 'DISK_NOT_CHOSEN' });
    expect(winpe.host.lines).toEqual([]);
  });

  it('never cleans it', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    const { disks } = await readMachine(winpe.host, [winpe.host.disk(0)]);
    const [disk] = disks;
    if (disk === undefined) throw new Error('no disk');
    const cleaning = partitionDisk(winpe.host, disk, tableOf('gpt'), MEDIUM_ID, { ownLetters: [] });
    await expect(cleaning).rejects.toMatchObject({ code: 'DISK_NOT_CHOSEN' });
  });
});

const FAILS = () => ({ exitCode: 4, stdout: 'Virtual Disk Service error\r\n' });

const AFTERWARDS = (act: () => unknown) => {
  act();
  return FAILS();
};

/** The power goes in the middle of a call of diskpart: it does so many lines. Returns what brings the power back. */
function cutWithin(host: TestHost, nth: number, lines: number): () => void {
  const { exec } = host;
  let calls = 0;
  host.exec = async (argv, options) => {
    if (calls++ !== nth) return exec(argv, options);
    const file = argv[2] ?? '';
    const script = await readFile(file, 'latin1');
    await writeFile(file, script.split('\r\n').slice(0, lines).join('\r\n'));
    await exec(argv, options);
    throw new Error('cut');
  };
  return () => {
    host.exec = exec;
  };
}

/** The medium is whole somewhere, and the next start makes everything of it. */
async function isGoodAgain(winpe: PrestagedWinpe, table = tableOf('gpt')): Promise<void> {
  const { boot, data } = await wholePlaces(winpe.machine);
  expect([boot.length > 0, data.length > 0]).toEqual([true, true]);
  await winpe.startAgain();
  await deploy(winpe, table);
  expect(await wholePlaces(winpe.machine)).toMatchObject({ boot: [expect.any(Number)], data: [expect.any(Number)] });
}

describe.each([
  ['gpt', 'two volumes', () => prestagedWinpe(twoVolumes('gpt')), 5],
  ['mbr', 'one volume', () => prestagedWinpe(oneVolume(), { style: 'mbr' }), 3],
] as const)('a cut, %s, %s', (style, _, machine, calls) => {
  it.each(Array.from({ length: calls }, (_value, index) => index))(
    'before and after call %d of diskpart',
    async (nth) => {
      for (const reply of [FAILS, AFTERWARDS]) {
        const winpe = await machine();
        winpe.replies.set(nth, reply);
        await expect(deploy(winpe, tableOf(style))).rejects.toMatchObject({
          code: 'TOOL_FAILED',
          lines: ['Virtual Disk Service error'],
        });
        await isGoodAgain(winpe, tableOf(style));
      }
    },
  );

  it.each([2, 3, 5, 7, 9])('when the medium is being taken out of its old place, after %d lines', async (lines) => {
    const winpe = await machine();
    const mend = cutWithin(winpe.host, style === 'gpt' ? 2 : 1, lines);
    await expect(deploy(winpe, tableOf(style))).rejects.toThrow('cut');
    mend();
    await isGoodAgain(winpe, tableOf(style));
  });

  it.each([0, 0.2, 0.5, 0.8, 0.99])('when %d of the copy is done', async (part) => {
    const winpe = await machine();
    const cut = new AbortController();
    const onMove = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }): void => {
      if (doneBytes >= totalBytes * part) cut.abort(new Error('cut'));
    };
    await expect(deploy(winpe, tableOf(style), { onMove, signal: cut.signal })).rejects.toThrow('cut');
    expect((await readMachine(winpe.host, [])).disks[0]?.unfinished).toBe(true);
    await isGoodAgain(winpe, tableOf(style));
  });
});

describe('what goes wrong', () => {
  it('ends with a file of the medium that is not what the manifest says, and keeps the old place', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    const file = join(winpe.host.drive('D'), 'mediasmith/images/windows.wim');
    await writeFile(file, 'damage');
    await expect(deploy(winpe)).rejects.toMatchObject({
      code: 'MEDIUM_CORRUPT',
      message: expect.stringContaining('mediasmith/images/windows.wim'),
      hint: expect.stringContaining('still lies where it was'),
    });
    await writeFile(file, prestagedFiles()['mediasmith/images/windows.wim'] ?? '');
    await isGoodAgain(winpe);
  });

  it('does not believe a diskpart that has made nothing', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    winpe.replies.set(1, () => ({ stdout: 'no room\r\n' }));
    await expect(deploy(winpe)).rejects.toMatchObject({ code: 'TOOL_FAILED', lines: ['no room'] });
    await isGoodAgain(winpe);
  });

  it('copies what is on the medium besides what it lists, but nothing of Windows', async () => {
    const winpe = await prestagedWinpe(
      oneVolume({ ...prestagedFiles(), 'System Volume Information/x': 'x', 'note.txt': 'n' }),
    );
    await deploy(winpe);
    const root = winpe.host.drive('D');
    expect(await readFile(join(root, 'note.txt'), 'utf8')).toBe('n');
    await expect(readFile(join(root, 'System Volume Information/x'))).rejects.toThrow('ENOENT');
  });
});

describe('removeMedium', () => {
  const WHOLE = [
    [1, 260],
    [261, 16],
    [277, 39_692],
    [39_969, 990],
  ];

  it('gives the room to the volume before it, and is nothing on another disk', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    const target = await deploy(winpe);
    await removeMedium(winpe.host, target);
    expect(placesIn(winpe)).toEqual(WHOLE);
    const before = winpe.host.lines.length;
    const { mediumRoom: _, ...other } = target;
    await removeMedium(winpe.host, other);
    await removeMedium(winpe.host, undefined);
    expect(winpe.host.lines).toHaveLength(before);
  });

  it.each([1, 3, 5, 7])('may be done again after a cut in the middle, after %d lines', async (count) => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    const target = await deploy(winpe);
    const next = winpe.host.lines.length;
    const { host, machine } = winpe;
    const mend = cutWithin(host, 0, count);
    await expect(removeMedium(host, target)).rejects.toThrow('cut');
    expect(host.lines).toHaveLength(next + 1);
    mend();
    await removeMedium(host, target);
    expect(placesIn(winpe)).toEqual(WHOLE);
    await removeMedium(host, target);
    expect(host.lines.at(-1)).toMatch(/select partition \d; extend filesystem noerr$/);
    expect(machine.disk(0).bytes).toBe(40 * GIB);
  });

  it('takes away only what lies in the room', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    const target = await deploy(winpe);
    await removeMedium(winpe.host, target);
    expect(winpe.host.lines.at(-1)?.match(/delete/g)).toHaveLength(2);
  });

  it('says what diskpart has said where it fails or has done nothing', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    const target = await deploy(winpe);
    await rm(winpe.machine.lettersFile);
    const nth = winpe.host.lines.length;
    winpe.replies.set(nth, FAILS);
    await expect(removeMedium(winpe.host, target)).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringMatching(/^the medium could not be taken off /),
      lines: ['Virtual Disk Service error'],
    });
    winpe.replies.set(nth + 1, () => ({ stdout: 'nothing\r\n' }));
    await expect(removeMedium(winpe.host, target)).rejects.toMatchObject({ code: 'TOOL_FAILED', lines: ['nothing'] });
  });
});
