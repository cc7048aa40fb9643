import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUnfinished } from '../../runtime/platform/claim.ts';
import { readAt } from '../../runtime/platform/raw-disk.ts';
import { layoutOfImage } from '../../runtime/platform/winpe/layout-of-image.ts';
import { PACKAGE } from '../helpers/fake-medium.ts';
import { tableWrites } from '../helpers/stand-in-table.ts';
import { CUT, isCut, openWinePrestaged, type WinePrestaged } from '../helpers/wine-prestaged.ts';
import { APPLY_FOLDER } from '../helpers/wine-stubs.ts';
import { openWindows, windowsRuntime } from '../helpers/wine-windows.ts';

const MIB = 1024 ** 2;
const RUNTIME = 'mediasmith/windows/x64/mediasmith.exe';
const NOTE = (text: string) => ({ step: 'run-command-line', command: ['X:\\Windows\\System32\\powercfg.exe', text] });
const STEPS = [{ step: 'apply-operating-system', image: 'windows' }];

const sequence = (style: 'gpt' | 'mbr', steps: readonly object[] = STEPS) => ({
  ...{ formatVersion: 2, id: 'it', name: 'It' },
  steps: [{ step: 'format-and-partition-disk', style, disk: { empty: true } }, ...steps],
});

let prestaged: WinePrestaged;
beforeAll(async () => {
  prestaged = await openWinePrestaged();
});
afterAll(() => prestaged?.[Symbol.asyncDispose]());

/** The partitions there are, in MiB, in their order on the disk. */
function partitions(): [number, number][] {
  const found = layoutOfImage(prestaged.machine.disk(0).file)?.partitions ?? [];
  const places = found.map(({ startBytes, bytes }): [number, number] => [startBytes / MIB, bytes / MIB]);
  return places.sort(([a], [b]) => a - b);
}

const FINISHED = [
  [1, 260],
  [261, 16],
  [277, 39_692],
  [39_969, 990],
];

async function finishes(): Promise<void> {
  const { winpe } = prestaged;
  const run = await winpe.run();
  expect(run, await winpe.log()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await winpe.said('error')).toEqual([]);
  expect(partitions()).toEqual(FINISHED);
  expect(await prestaged.places()).toEqual({ boot: [], data: [] });
  expect(isUnfinished(await readAt(prestaged.machine.disk(0).file, 0, MIB))).toBe(false);
}

it('a medium on the disk that it deploys: moved to its end, read from there, and gone in the end', async () => {
  const { winpe } = prestaged;
  await prestaged.begin({ sequences: [sequence('gpt')] });
  const exfat = join(winpe.boot, 'Windows/System32/uexfat.dll');
  await writeFile(exfat, '');
  await finishes();
  await rm(exfat);
  await expect(await winpe.calls()).toMatchFileSnapshot('golden/prestaged.txt');
  expect(await winpe.said('warning')).toEqual([]);
  expect(await winpe.log()).toContain('"prestagedBytes":1363148800');
});

it('a run that restarts into WinPE goes on with the medium in its room', async () => {
  const { winpe } = prestaged;
  const steps = [NOTE('before'), { step: 'restart-computer', target: 'winpe' }, NOTE('after'), ...STEPS];
  await prestaged.begin({ sequences: [sequence('gpt', steps)] });
  expect(await winpe.run(), await winpe.log()).toMatchObject({ exitCode: 0, stderr: '' });
  const places = await prestaged.places();
  expect(places).toEqual({ boot: [39_669 * MIB], data: [38_525 * MIB] });
  await prestaged.startAgain();
  await finishes();
  const calls = await winpe.calls();
  expect(calls).toContain('powercfg after');
  expect(calls).not.toMatch(/powercfg before|create partition/);
});

it('the installed Windows has what it needs on its own volume, and knows it by a new number', async () => {
  const { machine } = prestaged;
  const steps = [
    ...STEPS,
    { step: 'apply-windows-settings', computerName: 'PC-1' },
    { step: 'setup-windows' },
    { step: 'install-package', package: 'tools', command: 'setup.exe /for:me' },
  ];
  await prestaged.begin({
    sequences: [{ ...sequence('gpt', steps), onSuccess: 'shutdown' }],
    windowsRuntimes: [{ architecture: 'x64', file: RUNTIME }],
    contents: { [RUNTIME]: await readFile(await windowsRuntime()) },
    packages: [PACKAGE],
  });
  await finishes();
  const layout = layoutOfImage(machine.disk(0).file);
  if (layout === undefined || layout.style === 'raw') throw new Error('no table');
  const { style, identity } = layout;
  const inOrder = layout.partitions.toSorted((a, b) => a.startBytes - b.startBytes);
  const partitionsNow = inOrder.map((partition, index) => ({ ...partition, number: index + 1 }));
  await using windows = await openWindows({ windows: machine.drive('W'), disk: identity });
  await using disk = await open(await windows.wine.disk(0, 40 * 1024 ** 3), 'r+');
  for (const { data, offset } of tableWrites({ style, identity, partitions: partitionsNow }))
    await disk.write(data, 0, data.length, offset);
  await windows.stubs.plan({ dism: { programs: [`${APPLY_FOLDER}\\setup.exe`] } });
  const { exitCode, stdout, stderr } = await windows.resume();
  expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
  expect(await windows.said('error')).toEqual([]);
  expect(await windows.calls()).toMatch(/dism .*\\Medium\\mediasmith\\content\.wim[\s\S]*setup \/for:me\n/);
});

describe('a power cut', () => {
  it.each([
    ['when everything else is gone', 0],
    ['when the new volumes are there', 1],
    ['when the old ones are gone', 2],
    ['when the disk has its identity', 3],
    ['when Windows has its volumes', 4],
  ])('%s: the machine starts from the medium, which does it all', async (_, nth) => {
    const { winpe } = prestaged;
    const diskpart = Array.from({ length: nth + 1 }, (_value, index) =>
      index === nth ? CUT : { acts: true as const },
    );
    await prestaged.begin({ sequences: [sequence('gpt')] }, { diskpart });
    const cut = winpe.run();
    await expect.poll(() => isCut(winpe), { timeout: 60_000 }).toBe(true);
    await winpe.wine.cutPower();
    await cut;
    const { boot, data } = await prestaged.places();
    expect([boot.length, data.length]).toEqual([1, 1]);
    await prestaged.startAgain();
    await finishes();
  });

  it('when it is copied and has not taken over yet: it is there twice, and one medium', async () => {
    const { winpe } = prestaged;
    const { acts: _, ...before } = CUT;
    await prestaged.begin({ sequences: [sequence('gpt')] }, { diskpart: [{ acts: true }, { acts: true }, before] });
    const cut = winpe.run();
    await expect.poll(() => isCut(winpe), { timeout: 60_000 }).toBe(true);
    await winpe.wine.cutPower();
    await cut;
    expect(await prestaged.places()).toEqual({ boot: [1001 * MIB, 39_669 * MIB], data: [MIB, 38_525 * MIB] });
    await prestaged.startAgain();
    await finishes();
  });

  it('when the medium is gone: Windows has all of the disk', async () => {
    const { winpe } = prestaged;
    const diskpart = Array.from({ length: 6 }, (_value, index) => (index === 5 ? CUT : { acts: true as const }));
    await prestaged.begin({ sequences: [sequence('gpt')] }, { diskpart });
    const cut = winpe.run();
    await expect.poll(() => isCut(winpe), { timeout: 60_000 }).toBe(true);
    await winpe.wine.cutPower();
    await cut;
    expect(await winpe.calls()).toContain('bcdboot');
    expect(partitions()).toEqual(FINISHED);
  });
});

it('a diskpart that fails ends the run, and the medium stays where it was', async () => {
  const { winpe } = prestaged;
  const failing = { exitCode: 4, stdout: 'Virtual Disk Service error: no room\r\n' };
  await prestaged.begin({ sequences: [sequence('gpt')] }, { diskpart: [{ acts: true }, failing] });
  expect((await winpe.run()).exitCode).toBe(1);
  expect((await winpe.said('error')).join('\n')).toContain('no place for the medium could be made');
  expect(await winpe.log()).toContain('Virtual Disk Service error: no room');
  expect(await prestaged.places()).toEqual({ boot: [1001 * MIB], data: [MIB] });
});

it.each([
  ['a table of the other style', 'mbr', 40 * 1024 ** 3, /style/],
  ['a disk that is too small', 'gpt', 2900 * MIB, /the prestaged medium|the largest volume/],
] as const)('%s is refused before anything is changed', async (_, style, bytes, why) => {
  const { winpe } = prestaged;
  await prestaged.begin({ sequences: [sequence(style)] }, {}, bytes);
  expect((await winpe.run()).exitCode).toBe(1);
  expect((await winpe.said('error')).join('\n')).toMatch(why);
  expect(await winpe.calls()).not.toContain('diskpart');
  expect(await prestaged.places()).toEqual({ boot: [1001 * MIB], data: [MIB] });
});
