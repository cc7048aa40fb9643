import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BootMedium } from '../../../../builder/boot/boot-environment.ts';
import type { ResolvedWinpe } from '../../../../builder/boot/winpe/resolved-winpe.ts';
import type { MediaProject } from '../../../../builder/config/load.ts';
import { planMedia } from '../../../../builder/plan/plan.ts';
import { layOutMedium } from '../../../../builder/stages/lay-out-medium.ts';
import { Manifest } from '../../../../runtime/contract/manifest.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';
import { aProject, aResolvedProject } from '../../../helpers/project.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const NAMES = {
  id: '11111111-2222-8333-8444-555555555555',
  iso: { uuid: '2026010100000000', gptGuid: '11111111-2222-8333-8444-555555555555' },
};
const BOOT: BootMedium = {
  ...{ tree: new Map(), report: { lines: [], facts: {} } },
  isoBoot: () => Promise.reject(new Error('not an ISO')),
  pxeBoot: () => Promise.reject(new Error('not a PXE tree')),
};
const SEAL = { identity: Buffer.from('an identity'), sealed: Buffer.from('sealed'), key: 'k' };

async function laidOut(change: Partial<MediaProject> = {}, seal?: typeof SEAL) {
  const plan = planMedia(await aResolvedProject({ project: await aProject(() => change) }));
  const runtimes = { tree: new Map(), keys: [] };
  const { tree, draft } = await layOutMedium({
    ...{ plan, names: NAMES, boot: BOOT, wimFiles: new Map(), content: [], runtimes, seal },
  });
  const texts = new Map(
    [...tree].map(([path, source]) => [
      path,
      source.kind === 'bytes' ? Buffer.from(source.data).toString('utf8') : path,
    ]),
  );
  return { texts, draft };
}

describe('every medium', () => {
  it('says in a text what it is called, as ConfigMgr does', async () => {
    const { texts, draft } = await laidOut({ label: 'SITE_7' });
    expect(texts.get('MediaLabel.txt')).toBe('label=SITE_7\r\n');
    expect(texts.has('autorun.inf')).toBe(false);
    expect(draft.files.map(({ path }) => path)).toEqual([...texts.keys()].sort());
  });

  it('has autorun.inf where that was asked for, which starts what is there', async () => {
    expect((await laidOut({ autorun: true })).texts.get('autorun.inf')).toBe('[autorun]\r\nlabel=MEDIASMITH\r\n');
    const steps = [{ step: 'restart-computer' }];
    const sequence = Sequence.parse({ formatVersion: 2, id: 'a', name: 'A', startsIn: 'any', steps });
    const { texts } = await laidOut({ autorun: true, sequences: [{ file: '/a.yaml', sequence }] });
    expect(texts.get('autorun.inf')).toBe(
      '[autorun]\r\nlabel=MEDIASMITH\r\nopen=mediasmith.exe\r\nicon=mediasmith.exe,0\r\n',
    );
  });
});

describe('the manifest', () => {
  it('names the packages by the first part of what they lie in, and says which have drivers', async () => {
    const folder = await temporaryFolder();
    const models = 'Models,NTamd64\n[Models.NTamd64]\n%D% = I, PCI\\VEN_FFFF\n';
    const inf = `[Version]\nSignature="$WINDOWS NT$"\nClass=Net\n[Manufacturer]\n%M% = ${models}`;
    await writeFiles(folder, { 1: 'first', 2: 'second', 'p/readme.txt': '', 'q/net.inf': inf });
    const packages = ['p', 'q'].map((name) => ({
      name,
      folder: join(folder, name),
      files: 1,
      bytes: 7,
      fingerprint: 'f',
    }));
    const [, network] = packages;
    const options = { source: '/boot.wim', architecture: 'x64' };
    const winpe = {
      options,
      bytes: 1,
      image: {},
      drivers: [{ ...network, name: 'cards' }],
    } as unknown as ResolvedWinpe;
    const { draft } = await layOutMedium({
      ...{
        plan: planMedia(await aResolvedProject({ packages, winpe })),
        names: NAMES,
        boot: BOOT,
        wimFiles: new Map(),
      },
      ...{ runtimes: { tree: new Map(), keys: [] } },
      content: ['content.swm', 'content2.swm'].map((name, index) => ({
        path: `mediasmith/${name}`,
        file: join(folder, `${index + 1}`),
      })),
    });
    const drivers = { infs: 1, classes: ['Net'], architectures: ['amd64'] };
    expect(draft.packages).toEqual([
      { name: 'p', file: 'mediasmith/content.swm', index: 1, bytes: 7 },
      { name: 'q', file: 'mediasmith/content.swm', index: 2, bytes: 7, drivers },
    ]);
    expect(draft.bootDrivers).toEqual([{ name: 'cards', ...drivers }]);
    expect(draft.files).toContainEqual({ path: 'mediasmith/content2.swm', bytes: 6 });
  });

  it('has what the options say', async () => {
    const { draft } = await laidOut({
      valid: { until: '2099-01-01' },
      prestart: { command: 'hello' },
      copyFirst: true,
    });
    expect(draft).toMatchObject({
      validity: { until: '2099-01-01T23:59:59.999Z' },
      prestart: { command: 'hello' },
      copyFirst: true,
    });
    expect([draft.sealed, draft.record]).toEqual([undefined, undefined]);
    expect(Manifest.safeParse({ ...draft, files: [] }).success).toBe(true);
  });

  it('says who has built the medium and when where that was asked for', async () => {
    expect((await laidOut({ record: true })).draft.record).toMatchObject({ by: expect.stringMatching(/^.+@.+$/) });
  });

  it('of a sealed medium says nothing of what is sealed', async () => {
    const machines = { file: '/m.yaml', value: { formatVersion: 1 as const, collections: [], machines: [] } };
    const variables = [{ name: 'Pin', value: '4711', secret: true }];
    const { texts, draft } = await laidOut({ machines, variables, preferredSequence: 'a' }, SEAL);
    expect(draft).toMatchObject({ sealed: true, sequences: [], variables: [] });
    expect([draft.machines, draft.preferredSequence]).toEqual([undefined, undefined]);
    expect([...texts.keys()]).toEqual(['MediaLabel.txt', 'mediasmith/password.age', 'mediasmith/sealed.age']);
    expect(JSON.stringify(draft)).not.toContain('4711');
  });
});
