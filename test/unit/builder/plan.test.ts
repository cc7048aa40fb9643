import { describe, expect, it } from 'vitest';
import { planMedia } from '../../../builder/plan/plan.ts';
import type { WimSource } from '../../../builder/resolve/resolve-images.ts';
import type { ResolvedProject } from '../../../builder/resolve/resolved-project.ts';
import { Sequence } from '../../../runtime/sequence/schema.ts';
import type { WimArchitecture, WimWindows } from '../../../runtime/wim/wim-image.ts';
import { aProject, aResolvedProject, aWim, HEAD, loadText } from '../../helpers/project.ts';

const PACKAGE = { name: 'p', folder: '/p', files: 1, bytes: 700, fingerprint: 'f' };

describe('stages', () => {
  it('are only those that have something to do', async () => {
    const names = async (wish: Parameters<typeof aResolvedProject>[0]) =>
      planMedia(await aResolvedProject(wish)).stages.map(({ name }) => name);
    expect(await names({})).toEqual(['boot-environment', 'iso']);
    expect(await names({ wims: [aWim('/a.wim', [['w', 1]], { whole: true })] })).toEqual(['boot-environment', 'iso']);
    expect(await names({ wims: [aWim('/a.wim', [['w', 1]])], packages: [PACKAGE] })).toEqual([
      'boot-environment',
      'content',
      'images',
      'iso',
    ]);
    const outputs = [{ iso: '/x/1.iso' }, { iso: '/x/2.iso' }];
    expect(await names({ project: await aProject(() => ({ outputs })) })).toEqual(['boot-environment', 'iso', 'iso']);
  });
});

it('warns of a source that nobody has verified', async () => {
  const wims = [aWim('/a.wim', [['a', 1]]), aWim('/b.wim', [['b', 1]], { verified: false, bytes: 3 * 1024 ** 3 })];
  const { notes, warnings } = planMedia(await aResolvedProject({ wims }));
  expect([notes, warnings]).toEqual(Array(2).fill([expect.stringMatching(/^\/b\.wim \(3\.0 GB\) was not verified/)]));
});

describe('WIMs on the medium', () => {
  it('are named like their sources, each once', async () => {
    const paths = ['/a/install.wim', '/b/Install.WIM', '/c/Größe 11.wim', '/d/.wim', '/e/install-2.wim'];
    const wims = paths.map((path, index) => aWim(path, [[`w${index}`, 1]]));
    const planned = planMedia(await aResolvedProject({ wims })).wims.map(({ path }) => path);
    expect(new Set(planned).size).toBe(paths.length);
    expect(planned.slice(0, 4)).toEqual([
      'mediasmith/images/install.wim',
      'mediasmith/images/install-2.wim',
      'mediasmith/images/gr-e-11.wim',
      'mediasmith/images/image.wim',
    ]);
  });

  it('keep their indexes in place and count anew when exported', async () => {
    const wanted: [string, number][] = [
      ['pro', 6],
      ['home', 1],
      ['pro-again', 6],
      ['edu', 4],
    ];
    const indexes = async (whole: boolean) => {
      const [wim] = planMedia(await aResolvedProject({ wims: [aWim('/a.wim', wanted, { whole })] })).wims;
      return wim?.images.map(({ index }) => index);
    };
    expect(await indexes(true)).toEqual([6, 1, 6, 4]);
    expect(await indexes(false)).toEqual([1, 2, 1, 3]);
  });
});

describe('space', () => {
  it('is asked for every output whole, and once for what is made on the way', async () => {
    const outputs = [{ iso: '/x/1.iso' }, { iso: '/x/2.iso' }, { iso: '/y/3.iso' }];
    const project = await aProject(() => ({ outputs }));
    const wims = [aWim('/a.wim', [['w', 1]]), aWim('/b.wim', [['v', 1]], { whole: true })];
    const { space, totalBytes, files } = planMedia(await aResolvedProject({ project, wims, packages: [PACKAGE] }));
    expect(space).toEqual([
      { folder: '/x', bytes: 2 * totalBytes + 5000 + 700 + 256 },
      { folder: '/y', bytes: totalBytes },
    ]);
    expect(totalBytes).toBeGreaterThan(files.reduce((sum, { bytes }) => sum + bytes, 0));
  });
});

describe('how large a stick must be', () => {
  const MIB = 1024 ** 2;
  const plan = async (outputs: object[], wish: Partial<ResolvedProject> = {}) =>
    planMedia(await aResolvedProject({ project: await aProject(() => ({ outputs }) as never), ...wish }));
  const stick = { usb: '/x/stick.img' };

  it('is what the files, the tables and the free space need, and that is asked for where its image is written', async () => {
    const { stickSizes, space, files } = await plan([stick]);
    const content = files.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(stickSizes).toEqual([{ path: '/x/stick.img', bytes: expect.any(Number) }]);
    const [{ bytes } = { bytes: 0 }] = stickSizes;
    expect(bytes).toBeGreaterThan(content + 16 * MIB);
    expect(bytes).toBeLessThan(content + 24 * MIB);
    expect(space).toEqual([{ folder: '/x', bytes }]);
  });

  it('is more with two volumes, of which one keeps room for an update', async () => {
    const [one, two] = [await plan([stick]), await plan([{ ...stick, layout: 'fat32+exfat' }])];
    expect(two.stickSizes[0]?.bytes).toBeGreaterThan((one.stickSizes[0]?.bytes ?? 0) + 64 * MIB);
  });

  it('is said of an ISO as well, with the two volumes it needs for a large file, and of no PXE tree', async () => {
    const GIB = 1024 ** 3;
    const wims = [aWim('/a.wim', [['w', 1]], { whole: true, bytes: 5 * GIB })];
    const { stickSizes } = await plan([{ iso: '/x/a.iso' }, { pxe: '/x/pxe' }], { wims });
    expect(stickSizes).toEqual([{ path: '/x/a.iso', bytes: expect.any(Number) }]);
    expect(stickSizes[0]?.bytes).toBeGreaterThan(5 * GIB);
    expect(stickSizes[0]?.bytes).toBeLessThan(5.4 * GIB);
  });

  it('counts what a WIM and the manifest say of each of many small files', async () => {
    const many = [{ ...PACKAGE, files: 100_000 }];
    const [one, more] = [await plan([stick]), await plan([stick], { packages: many })];
    expect(more.stickSizes[0]?.bytes).toBeGreaterThan((one.stickSizes[0]?.bytes ?? 0) + 20 * MIB);
    const files = Array.from({ length: 20_000 }, (_, index) => ({ path: `${index}`, file: '/u/e', bytes: 0 }));
    const facts = { name: 'u', origin: '/u', fingerprint: 'f', architecture: 'x64' as const, version: '1' };
    const upgradePackages = [{ ...facts, files, languages: [], editions: [] }];
    const manifest = (await plan([stick], { upgradePackages })).stickSizes[0]?.bytes ?? 0;
    expect(manifest).toBeGreaterThan((one.stickSizes[0]?.bytes ?? 0) + 3 * MIB);
  });

  it('is what the project says', async () => {
    expect((await plan([{ ...stick, size: '8 GB' }])).stickSizes).toEqual([{ path: '/x/stick.img', bytes: 8e9 }]);
  });
});

describe('images out of a solid file', () => {
  const GIB = 1024 ** 3;
  const wim = async (bytes: number, whole: boolean, outputs: object[] = [{ usb: '/x/a.img' }]) => {
    const project = await aProject(() => ({ outputs }) as never);
    const wims = [aWim('/a.esd', [['w', 1]], { compression: 'LZMS', bytes, whole })];
    const { wims: planned, files, space } = planMedia(await aResolvedProject({ project, wims }));
    return { ...planned[0], bytes: files.find(({ path }) => path.includes('images/'))?.bytes, space: space[0]?.bytes };
  };

  it('may become twice as large, and are divided for FAT32 where that may be too much', async () => {
    const chosen = await wim(3 * GIB, false);
    expect(chosen).toMatchObject({ how: 'recompressed', split: true, bytes: 6 * GIB });
    // The stick, the image whole, and its parts.
    expect(chosen.space).toBeGreaterThan(18 * GIB);
    expect(await wim(3 * GIB, false, [{ iso: '/x/a.iso' }])).toMatchObject({ split: false, bytes: 6 * GIB });
  });

  it('are recompressed where all of them are wanted and FAT32 does not hold the file: it cannot be divided', async () => {
    expect(await wim(5 * GIB, true)).toMatchObject({ how: 'recompressed', split: true });
    expect(await wim(3 * GIB, true)).toMatchObject({ how: 'in place', split: false, bytes: 3 * GIB });
  });
});

it('says of every file where it comes from and how', async () => {
  const wims = [aWim('/a.wim', [['w', 1]]), aWim('/b.wim', [['v', 1]], { whole: true })];
  const { files } = planMedia(await aResolvedProject({ wims, packages: [PACKAGE] }));
  expect(files.map(({ path, how }) => `${path} ${how}`)).toEqual([
    'boot/ made',
    'mediasmith/images/a.wim exported',
    'mediasmith/images/b.wim in place',
    'mediasmith/content.wim captured',
    'mediasmith/sequences/a.json made',
    'MediaLabel.txt made',
  ]);
});

it('says nothing of the sequences of a medium with a password', async () => {
  const project = await aProject(() => ({ password: { environment: 'P' } }));
  expect(planMedia(await aResolvedProject({ project })).files.map(({ path }) => path)).toEqual([
    'boot/',
    'mediasmith/password.age',
    'mediasmith/sealed.age',
    'MediaLabel.txt',
  ]);
});

describe('packages that stay off the medium', () => {
  const run = { step: 'run-command-line', name: 'Run it', command: ['x'], package: 'p' };
  const install = { step: 'install-application', applications: ['app'] };
  const excluding = async (exclude: string[]) => {
    const sequence = Sequence.parse({
      formatVersion: 2,
      id: 'a',
      name: 'A',
      steps: [run, { group: 'G', steps: [install] }],
    });
    const application = { name: 'app', package: 'q', command: 'x', successCodes: [0], dependsOn: [] };
    const sequences = [{ file: '/a.yaml', sequence }];
    const project = await aProject(() => ({ sequences, applications: [application], exclude }));
    return planMedia(
      await aResolvedProject({ project, packages: ['p', 'q', 'r'].map((name) => ({ ...PACKAGE, name })) }),
    );
  };

  it('are not planned, and the plan says who will miss them', async () => {
    const { packages, notes } = await excluding(['p', 'q', 'r']);
    expect(packages).toEqual([]);
    expect(notes).toEqual([
      'package "p" stays off the medium: it will be missed by "Run it" of a',
      'package "q" stays off the medium: it will be missed by "Install Application" of a, the application "app"',
      'package "r" stays off the medium: nothing on it asks for it',
    ]);
  });

  it('are only those', async () => {
    const { packages, notes } = await excluding(['q']);
    expect([packages.map(({ name }) => name), notes.length]).toEqual([['p', 'r'], 1]);
  });
});

describe('the runtime for an installed Windows', () => {
  const X64 = 'mediasmith/windows/x64/mediasmith.exe';
  const SETUP = { step: 'setup-windows' };
  const windows = (architecture: WimArchitecture) =>
    ({
      ...{ architecture, edition: 'Professional', installationType: 'Client', productName: 'Windows' },
      ...{ version: '10.0.26100', languages: ['en-US'], defaultLanguage: 'en-US' },
    }) satisfies WimWindows;

  async function runtimes(
    steps: readonly object[],
    { startsIn = 'winpe', architectures = [] }: { startsIn?: string; architectures?: WimArchitecture[] } = {},
  ): Promise<string[]> {
    const sequence = Sequence.parse({ formatVersion: 2, id: 'a', name: 'A', startsIn, steps });
    const wims = architectures.map((architecture) => {
      const wim = aWim(`/${architecture}.wim`, [[architecture, 1]]);
      return {
        ...wim,
        chosen: wim.chosen.map((one) => ({ ...one, image: { ...one.image, windows: windows(architecture) } })),
      };
    });
    const project = await aProject(() => ({ sequences: [{ file: '/a.yaml', sequence }] }));
    return planMedia(await aResolvedProject({ project, wims })).runtimes.map(({ path }) => path);
  }

  it('is there when a sequence goes on in it, for each architecture', async () => {
    expect(await runtimes([{ step: 'restart-computer' }])).toEqual([]);
    expect(await runtimes([SETUP])).toEqual([X64]);
    expect(await runtimes([SETUP], { architectures: ['arm64', 'x64'] })).toEqual([X64, X64.replace('x64', 'arm64')]);
    expect(await runtimes([SETUP], { architectures: ['arm64'] })).toEqual([X64.replace('x64', 'arm64')]);
  });

  it('is not there for steps that are disabled, or whose group is', async () => {
    expect(
      await runtimes([
        { ...SETUP, enabled: false },
        { group: 'G', enabled: false, steps: [SETUP] },
      ]),
    ).toEqual([]);
  });

  it('lies at the root where a person starts it', async () => {
    const restart = [{ step: 'restart-computer' }];
    expect(await runtimes(restart, { startsIn: 'any' })).toEqual(['mediasmith.exe']);
    expect(await runtimes(restart, { startsIn: 'full-os', architectures: ['x64', 'arm64'] })).toEqual([
      'mediasmith.exe',
      X64.replace('x64', 'arm64'),
    ]);
    expect(await runtimes([SETUP], { startsIn: 'any', architectures: ['arm64'] })).toEqual(['mediasmith.exe']);
  });
});

describe('an ISO for discs', () => {
  const GB = 1_000_000_000;
  const outputs = [{ iso: '/x/set.iso', mediaSize: '4.7 GB' }];
  const plan = async (bytes: number, wish: Partial<WimSource> = {}) =>
    planMedia(
      await aResolvedProject({
        project: await aProject(() => ({ outputs })),
        wims: [aWim('/a/install.wim', [['w', 1]], { whole: true, bytes, ...wish })],
      }),
    );

  it('is no set where it fits', async () => {
    const { discSets, wims } = await plan(4 * GB);
    expect([discSets, wims[0]?.split]).toEqual([[], false]);
  });

  it('has an image whole on the second disc where the first has no room for it', async () => {
    const { discSets, wims } = await plan(4.65 * GB);
    expect(wims[0]).toMatchObject({ split: false, path: 'mediasmith/images/install.wim' });
    expect(discSets[0]?.map(({ path }) => path)).toEqual(['/x/set-1.iso', '/x/set-2.iso']);
    expect(discSets[0]?.[1]?.files).toEqual([{ path: 'mediasmith/images/install.wim', bytes: 4.65 * GB }]);
  });

  it('has parts of an image that is larger than a disc, and says so', async () => {
    const { discSets, wims, notes, space, totalBytes } = await plan(10 * GB);
    expect(wims[0]).toMatchObject({ split: true, path: 'mediasmith/images/install.swm' });
    expect(notes).toEqual([expect.stringMatching(/install\.swm is larger than a disc: split into parts of 2\.1 GB/)]);
    const [discs = []] = discSets;
    expect(discs.map(({ files }) => files.filter(({ path }) => path.endsWith('.swm')).length)).toEqual([2, 2, 1]);
    for (const { bytes } of discs) expect(bytes).toBeLessThanOrEqual(4.7 * GB);
    expect(space[0]?.bytes).toBeGreaterThan(totalBytes);
  });

  it('has a solid image recompressed where it must be divided: that cannot be done to it as it is', async () => {
    expect((await plan(10 * GB, { compression: 'LZMS' })).wims[0]).toMatchObject({ how: 'recompressed', split: true });
    expect((await plan(3 * GB, { compression: 'LZMS' })).wims[0]).toMatchObject({ how: 'in place', split: false });
    const chosen = await plan(3 * GB, { compression: 'LZMS', whole: false });
    expect(chosen.wims[0]).toMatchObject({ how: 'recompressed', split: true });
  });

  it('takes the parts of a split source as they are', async () => {
    const parts = ['/a/install.swm', '/a/install2.swm', '/a/install3.swm'];
    const { discSets, wims } = await plan(9 * GB, { parts });
    expect(wims[0]).toMatchObject({ how: 'in place', split: false });
    expect(discSets[0]?.flatMap(({ files }) => files.filter(({ path }) => path.endsWith('.swm'))).length).toBe(3);
  });

  it('is refused only where nothing that is still to be made can change it', async () => {
    const small = [{ iso: '/x/set.iso', mediaSize: '70 MB' }];
    const project = await aProject(() => ({ outputs: small }));
    const { discSets, notes } = planMedia(await aResolvedProject({ project }));
    expect(discSets).toEqual([]);
    expect(notes).toEqual(['/x/set.iso: whether discs of 70 MB hold it shows when it is made']);
    const upgrade = { name: 'u', origin: '/u', fingerprint: 'f', architecture: 'x64', version: '1' };
    const files = [{ path: 'sources/install.esd', file: '/u/e', bytes: 80_000_000 }];
    const upgradePackages = [{ ...upgrade, files, languages: [], editions: [] }];
    const resolved = await aResolvedProject({ project, upgradePackages });
    expect(() => planMedia(resolved)).toThrow(/a disc of 0\.07 GB does not hold it/);
  });

  it('cannot be anything else', async () => {
    const { problems } = await loadText(`${HEAD}sequences: [a.yaml]\noutputs: [{ pxe: out, mediaSize: 4.7 GB }]\n`);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/mediaSize belongs to an output iso/),
    ]);
  });
});

it('says of packages that no disc holds in one file that they are divided, and onto which discs they go', async () => {
  const outputs = [{ iso: '/x/set.iso', mediaSize: '4.7 GB' }];
  const project = await aProject(() => ({ outputs }));
  const packages = [{ ...PACKAGE, bytes: 9_000_000_000 }];
  const { notes, discSets } = planMedia(await aResolvedProject({ project, packages }));
  expect(notes).toContainEqual(expect.stringMatching(/^mediasmith\/content\.wim may be too large .*content\.swm/));
  expect(
    discSets[0]?.flatMap(({ files }) => files.map(({ path }) => path)).filter((path) => /content/.test(path)),
  ).toEqual([
    'mediasmith/content.wim',
    'mediasmith/content2.wim',
    'mediasmith/content3.wim',
    'mediasmith/content4.wim',
  ]);
});
