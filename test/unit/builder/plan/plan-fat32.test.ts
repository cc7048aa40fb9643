import { describe, expect, it } from 'vitest';
import { planMedia } from '../../../../builder/plan/plan.ts';
import type { ResolvedProject } from '../../../../builder/resolve/resolved-project.ts';
import { aProject, aResolvedProject, aWim } from '../../../helpers/project.ts';

describe('FAT32 and what is larger than its files', () => {
  const GIB = 1024 ** 3;
  const parts = ['/a/install.swm', '/a/install2.swm', '/a/install3.swm'];
  const plan = async (wish: Partial<ResolvedProject>, outputs: object[], fat32 = false) =>
    planMedia(await aResolvedProject({ project: await aProject(() => ({ outputs, fat32 }) as never), ...wish }));
  const split = (partSizes: number[], whole = true) => [
    aWim('/a/install.swm', [['w', 1]], { whole, parts, partSizes, bytes: partSizes.reduce((sum, size) => sum + size) }),
  ];
  const ISO = [{ iso: '/x/a.iso' }];
  const STICK = [{ usb: '/x/a.img', layout: 'fat32' }];

  it('leaves the parts of a split source as they are where each is small enough, and says nothing of them', async () => {
    for (const [outputs, fat32] of [
      [ISO, true],
      [STICK, false],
    ] as const) {
      const { wims, notes, stickSizes } = await plan({ wims: split([3 * GIB, 3 * GIB, 3 * GIB]) }, outputs, fat32);
      expect(wims[0]).toMatchObject({ how: 'in place', split: false, path: 'mediasmith/images/install.swm' });
      expect(notes).toEqual([]);
      expect(stickSizes[0]?.bytes).toBeGreaterThan(9 * GIB);
      expect(stickSizes[0]?.bytes).toBeLessThan(9.2 * GIB);
    }
  });

  it('divides anew what has a part that FAT32 does not hold', async () => {
    for (const [outputs, fat32] of [
      [ISO, true],
      [STICK, false],
    ] as const) {
      const { wims, notes } = await plan({ wims: split([1 * GIB, 5 * GIB, 1 * GIB]) }, outputs, fat32);
      expect(wims[0]).toMatchObject({ how: 'joined', split: true, path: 'mediasmith/images/install.swm' });
      expect(notes).toEqual([
        expect.stringMatching(/install\.swm may be over 4 GiB: split into parts that FAT32 can hold/),
      ]);
    }
    const disc = [{ iso: '/x/set.iso', mediaSize: '4.7 GB' }];
    expect((await plan({ wims: split([1 * GIB, 5 * GIB, 1 * GIB]) }, disc)).wims[0]).toMatchObject({
      ...{ how: 'joined', split: true, partBytes: expect.any(Number) },
    });
  });

  it('divides what is exported out of a split source', async () => {
    const { wims } = await plan({ wims: split([3 * GIB, 3 * GIB, 3 * GIB], false) }, STICK);
    expect(wims[0]).toMatchObject({ how: 'exported', split: true, path: 'mediasmith/images/install.swm' });
  });

  it('refuses what nobody divides, before anything is made', async () => {
    const facts = { name: 'u', origin: '/u.iso', fingerprint: 'f', architecture: 'x64' as const, version: '1' };
    const files = [{ path: 'sources/install.wim', file: '/u/i', bytes: 5 * GIB }];
    const upgradePackages = [{ ...facts, files, languages: [], editions: [] }];
    for (const [outputs, fat32] of [
      [ISO, true],
      [STICK, false],
      [[{ ...STICK[0], size: '16 GB' }], false],
    ] as const)
      await expect(plan({ upgradePackages }, [...outputs], fat32)).rejects.toMatchObject({
        code: 'FILE_TOO_LARGE',
        lines: ['mediasmith/upgrade/u/sources/install.wim: 5.0 GB, from /u.iso'],
      });
    expect((await plan({ upgradePackages }, ISO)).stickSizes).toHaveLength(1);
  });
});
