import { describe, expect, it } from 'vitest';
import { discPath, isDiscPath } from '../../../../builder/discs/disc-names.ts';
import { type FileToPlace, placeOnDiscs } from '../../../../builder/discs/place-on-discs.ts';

const MIB = 1024 ** 2;
const DISC = 100 * MIB;
const EVERYWHERE = MIB;
const KERNEL = { path: 'boot/vmlinuz', bytes: 20 * MIB };
const image = (name: string, mib: number): FileToPlace => ({ path: `mediasmith/images/${name}`, bytes: mib * MIB });

/** What each disc has, without what stands for everything the machine starts from. */
const placed = (files: readonly FileToPlace[], disc = DISC): string[][] =>
  placeOnDiscs([KERNEL, ...files], disc, EVERYWHERE).map(({ files: on }) =>
    on.filter(({ path }) => path !== KERNEL.path).map(({ path }) => path.replace('mediasmith/images/', '')),
  );

describe('files of a medium', () => {
  it('stay on one disc where they fit, to the byte', () => {
    const [{ bytes } = { bytes: 0 }] = placeOnDiscs([KERNEL, image('a', 10)], DISC, EVERYWHERE);
    expect(placed([image('a', 10)], bytes)).toEqual([['a']]);
    expect(placed([image('a', 10)], bytes - 1)).toEqual([[], ['a']]);
  });

  it('go onto the first disc that has room, in their order', () => {
    expect(placed([image('a', 80), image('b', 70), image('c', 40), image('d', 15)])).toEqual([
      ['c', 'd'],
      ['a'],
      ['b'],
    ]);
  });

  it('that are read before any content are all on the first', () => {
    const small = ['MediaLabel.txt', 'mediasmith/sequences/a.json', 'mediasmith/bios/core.img', 'sources/boot.wim'];
    const files = [image('a', 90), ...small.map((path) => ({ path, bytes: 1 })), image('b', 90)];
    expect(placed(files)).toEqual([small, ['a'], ['b']]);
  });

  it('of an upgrade package stay together while a disc can hold them', () => {
    const upgrade = (name: string, mib: number) => ({ path: `mediasmith/upgrade/w/${name}`, bytes: mib * MIB });
    const names = (files: FileToPlace[]) => placed(files).map((disc) => disc.map((path) => path.split('/').at(-1)));
    expect(names([upgrade('setup.exe', 1), upgrade('install.wim', 90)])).toEqual([[], ['setup.exe', 'install.wim']]);
    expect(names([upgrade('setup.exe', 1), upgrade('a.wim', 90), upgrade('b.wim', 90)])).toEqual([
      ['setup.exe'],
      ['a.wim'],
      ['b.wim'],
    ]);
  });

  it('are refused where no disc can hold one of them', () => {
    const room = DISC - 2 * MIB - EVERYWHERE - 2048;
    const exact = { path: 'mediasmith/content.wim', bytes: room };
    expect(placed([exact])).toEqual([[], ['mediasmith/content.wim']]);
    expect(() => placed([{ ...exact, bytes: room + 1 }])).toThrow(
      expect.objectContaining({
        code: 'FILE_TOO_LARGE',
        where: 'mediasmith/content.wim',
        lines: [`mediasmith/content.wim: ${room + 1} bytes`, expect.stringContaining(`${DISC} bytes`)],
      }),
    );
    expect(() => placed([], 30 * MIB)).toThrow(
      expect.objectContaining({ code: 'FILE_TOO_LARGE', lines: ['boot/vmlinuz: 20.0 MB'] }),
    );
  });
});

it('discs are numbered behind the name of the ISO', () => {
  expect(discPath('/x/Branch.ISO', 2)).toBe('/x/Branch-2.ISO');
  for (const other of ['/x/a.iso', '/x/a-b.iso', '/x/a-01.iso', '/y/a-1.iso', '/x/a-1.img'])
    expect(isDiscPath(other, '/x/a.iso')).toBe(false);
  expect(isDiscPath('/x/a-12.iso', '/x/a.iso')).toBe(true);
});
