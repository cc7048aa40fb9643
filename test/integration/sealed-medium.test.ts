import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Manifest, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { openContent, openIdentity } from '../../runtime/seal/sealed-content.ts';
import { deploySequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const MINUTES = 10 * 60_000;
const PASSWORD = 'plum orbit walnut 19';
const SECRET = 'Zq7-value-of-the-pin';
const SEQUENCE = { ...deploySequence({}), name: 'Rollout of the branch at Quedlinburg' };
const ROOM = 'Raum-Siebenundsiebzig';
const PATHS = [
  MEDIUM_PATHS.identity,
  MEDIUM_PATHS.sealed,
  MEDIUM_PATHS.manifest,
  'boot/grub/grub.cfg',
  MEDIUM_PATHS.label,
];

let folder: string;
let iso: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-sealed-'));
  await writeFile(join(folder, 'password.txt'), `${PASSWORD}\n`);
  await mkdir(join(folder, 'project'));
  const machines = { formatVersion: 1, collections: [{ name: 'all', variables: { Room: ROOM } }] };
  await writeFile(join(folder, 'project/machines.yaml'), JSON.stringify(machines));
  ({ iso } = await buildTestMedium(join(folder, 'project'), {
    sequences: [SEQUENCE],
    options: {
      password: { file: join(folder, 'password.txt') },
      variables: [{ name: 'Pin', value: SECRET, secret: true }],
      machines: 'machines.yaml',
      preferredSequence: SEQUENCE.id,
      valid: { until: '2099-12-31' },
      record: true,
    },
  }));
  const extract = PATHS.flatMap((path) => ['-extract', `/${path}`, join(folder, 'out', path)]);
  await exec(['xorriso', '-indev', iso, '-osirrox', 'on', ...extract]);
}, MINUTES);
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (path: string): Promise<Buffer> => readFile(join(folder, 'out', path));

/** age asks at its terminal and nowhere else. */
async function openWithAge(password: string): Promise<string> {
  const [identity, sealed, out] = [MEDIUM_PATHS.identity, MEDIUM_PATHS.sealed, 'opened.json'].map((path) =>
    join(folder, 'out', path),
  );
  await exec(['script', '-qec', `age -d -i '${identity}' -o '${out}' '${sealed}'`, '/dev/null'], {
    input: `${password}\n`,
  });
  return readFile(out ?? '', 'utf8');
}

describe('a medium with a password', () => {
  it("is opened by age's own program", async () => {
    expect(JSON.parse(await openWithAge(PASSWORD))).toMatchObject({
      formatVersion: 1,
      sequences: [{ id: SEQUENCE.id, name: SEQUENCE.name, document: { steps: expect.any(Array) } }],
      variables: [{ name: 'Pin', value: SECRET, secret: true }],
      machines: { collections: [{ variables: { Room: ROOM } }] },
      preferredSequence: SEQUENCE.id,
    });
    await expect(openWithAge('plum orbit walnut 18')).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });

  it('is opened by the runtime as the same', async () => {
    const identity = await openIdentity(await read(MEDIUM_PATHS.identity), PASSWORD);
    const content = await openContent(await read(MEDIUM_PATHS.sealed), identity ?? '');
    expect(content).toEqual(JSON.parse(await openWithAge(PASSWORD)));
    expect(await openIdentity(await read(MEDIUM_PATHS.identity), 'plum orbit walnut 18')).toBeUndefined();
  });

  it('shows nothing of what is sealed, wherever one looks', async () => {
    const found = async (text: string) =>
      (await exec(['grep', '-caF', text, iso], { successCodes: [0, 1] })).exitCode === 0;
    expect(await found('Test medium')).toBe(true);
    const hidden = [
      SECRET,
      SEQUENCE.name,
      PASSWORD,
      ROOM,
      'OSDComputerName',
      `sequences/${SEQUENCE.id}`,
      'AGE-SECRET-KEY-1',
    ];
    expect(await Promise.all(hidden.map(found))).toEqual(hidden.map(() => false));
  });

  it('says in its manifest what anybody may know', async () => {
    const manifest = Manifest.parse(JSON.parse((await read(MEDIUM_PATHS.manifest)).toString('utf8')));
    expect(manifest).toMatchObject({
      ...{ sealed: true, sequences: [], variables: [] },
      validity: { until: '2099-12-31T23:59:59.999Z' },
      record: { by: expect.any(String), at: expect.any(String) },
      sources: [{ name: 'windows', file: 'small.wim' }, { name: 'stand-in-driver' }],
    });
    expect([manifest.machines, manifest.preferredSequence]).toEqual([undefined, undefined]);
    expect((await read(MEDIUM_PATHS.label)).toString('utf8')).toBe('label=MEDIASMITH_TEST\r\n');
  });

  it('has one entry in its boot menu, which names no sequence', async () => {
    const grub = (await read('boot/grub/grub.cfg')).toString('utf8');
    expect(grub.match(/^menuentry .*/gm)).toEqual(["menuentry 'Choose a task sequence' {"]);
    expect(grub).not.toContain('mediasmith.sequence=');
  });
});
