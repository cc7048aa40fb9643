import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import { cli } from '../helpers/cli.ts';
import { followGuide, type GuidePlaces } from '../helpers/guide.ts';
import { emptyDisk } from '../helpers/guide-disks.ts';
import { mdtSequence, writeConfigMgrExport } from '../helpers/guide-sequences.ts';
import { deviceOf, SERIALS, sticksOnPath, VOLUME } from '../helpers/guide-sticks.ts';
import { makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { ROOT } from '../helpers/sources.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { MOUNTS } from './exfat-image.ts';

/** What cannot be run here, by the beginning of its line. */
const NOT_RUN = {
  // Takes minutes without KVM: test/e2e-all runs it.
  staging: ['npx mediasmith boot-test'],
};

let folder: string;
/** What the guides say their reader has. */
let given: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-guides-'));
  given = join(folder, 'given');
  await mkdir(given);
  const windows = makeMicrosoftMedia(join(folder, 'made'));
  await mkdir(join(folder, 'made'));
  await cp(await windows.udfFile(), join(given, 'Win11.iso'));
  await cp(join(ROOT, 'templates/examples/demo/drivers/stand-in'), join(given, 'latitude-5440'), { recursive: true });
  await writeFiles(given, {
    'DeploymentShare/Control/W11/ts.xml': mdtSequence(),
    'DeploymentShare/Applications/7-Zip/7z.exe': 'MZ',
    '7-zip/7z.exe': 'MZ',
    'agent/setup.exe': 'MZ',
  });
  await writeConfigMgrExport(join(given, 'Windows 11 Enterprise.zip'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Follows a page in a new folder, which is returned. */
async function follow(page: string, places: GuidePlaces = {}, path?: string, notRun: string[] = []): Promise<string> {
  const checkout = await temporaryFolder();
  await mkdir(join(checkout, 'srv'));
  const here = Object.entries(places).map(([text, place]) => [text, place.replace('CHECKOUT', checkout)]);
  await followGuide([page], checkout, { '/path/to/': `${given}/`, ...Object.fromEntries(here) }, { notRun, path });
  return checkout;
}

// Loop devices need root.
describe.skipIf(process.getuid?.() !== 0)('with sticks, what a guide says', () => {
  it('about the first one is so', async () => {
    const { sticks, path } = await sticksOnPath(1);
    const checkout = await follow('first-stick.md', { '/dev/sdX': deviceOf(sticks) }, path);
    expect(await readFile(join(checkout, 'first-stick/first-stick.html'), 'utf8')).toContain('FIRST_STICK');
    const { stdout } = await exec(['mtype', '-i', `${deviceOf(sticks)}${VOLUME}`, SEQUENCE]);
    expect(JSON.stringify(JSON.parse(stdout))).toContain('"organization":"Contoso"');
  });

  it('about an air-gapped site is so', async () => {
    const { sticks, path } = await sticksOnPath(1);
    const device = deviceOf(sticks);
    const checkout = await follow(
      'air-gapped-site.md',
      {
        'minisign -G': "printf 'the key\\nthe key\\n' | minisign -G",
        'read -rs KEY_PASSWORD': "KEY_PASSWORD='the key'",
        'read -rs MEDIUM_PASSWORD': "MEDIUM_PASSWORD='four words or more'",
        '/dev/sdX1': device,
        '/dev/sdX': device,
        '/mnt': 'CHECKOUT/mnt',
      },
      path,
    );
    expect(await readdir(join(checkout, 'site/results'))).toEqual(['pc']);
    const { stdout } = await exec(['mdir', '-/', '-b', '-i', `${device}${VOLUME}`, '::/mediasmith']);
    const files = stdout.split('\n');
    expect(files).toContain('::/mediasmith/results/pc/result.json');
    expect(files).toContain('::/mediasmith/manifest.json.minisig');
    expect(files).not.toContain(SEQUENCE);
  });

  it('about a staging server is so', async () => {
    const { path } = await sticksOnPath(2);
    const checkout = await follow('staging-server.md', { '/srv/': 'CHECKOUT/srv/' }, path, NOT_RUN.staging);
    expect(await readdir(join(checkout, 'srv'))).toEqual(['mediasmith']);
    const read = async (name: string) => JSON.parse(await readFile(join(checkout, 'staging', name), 'utf8'));
    expect((await read('written.json')).sticks).toHaveLength(2);
    expect(await read('verify-tree.json')).toMatchObject({ passed: true });
    const listed: { serial: string }[] = (await read('sticks.json')).devices;
    expect(listed.map(({ serial }) => serial)).toEqual(expect.arrayContaining(SERIALS));
  });
});

describe.runIf(MOUNTS)('with a disk, what a guide says', () => {
  it('about prestaging it is so', async () => {
    const { device, partitions, path } = await emptyDisk();
    const [boot = '', content = ''] = partitions;
    const places = { '/dev/sdX1': boot, '/dev/sdX2': content, '/dev/sdX': device, '/mnt': 'CHECKOUT/mnt' };
    const factory = join(await follow('prestaged-disks.md', places, path), 'factory');
    expect(await readFile(join(factory, 'factory.html'), 'utf8')).toContain('Lay it onto the disk');
    const { stdout } = await exec(['wimlib-imagex', 'dir', join(factory, 'factory.wim'), 'content']);
    expect(stdout).toContain('/mediasmith/sequences/install-image.json');
  });
});

describe('what a guide says', () => {
  it('to who comes from MDT is so', async () => {
    const office = join(await follow('coming-from-mdt.md'), 'office');
    expect(await readdir(office)).toContain('office.iso');
    expect(await simulated(join(office, 'install.yaml'))).toMatchObject({ result: 'succeeded' });
    const imported = await simulated(join(office, 'imported/standard-client-task-sequence.yaml'));
    expect(imported.result).toBe('succeeded');
    const guide = await readFile(join(ROOT, 'docs/coming-from-mdt.md'), 'utf8');
    const skipped = imported.steps.filter(({ outcome }) => outcome === 'skipped').map(({ reason }) => reason);
    expect(skipped.filter((reason) => guide.includes(reason))).toHaveLength(3);
  });

  it('to who comes from ConfigMgr is so', async () => {
    const checkout = await follow('coming-from-configmgr.md');
    expect(await readdir(join(checkout, 'office'))).toContain('office.iso');
    expect(await readdir(join(checkout, 'capture'))).toEqual(['capture-image.yaml', 'media.yaml']);
    const sequence = await readFile(join(checkout, 'office/windows-11-enterprise.yaml'), 'utf8');
    expect(sequence).toContain('command: setup.exe /quiet');
    expect(sequence).not.toContain('imageIndex');
    expect(await simulated(join(checkout, 'office/windows-11-enterprise.yaml'))).toMatchObject({ result: 'succeeded' });
  });
});

type Simulated = { result: string; steps: { outcome: string; reason: string }[] };

/** What becomes of a sequence on the laptop that the guides simulate. */
async function simulated(sequence: string): Promise<Simulated> {
  const machine = join(ROOT, 'templates/machines/laptop-uefi-tpm.json');
  return JSON.parse((await cli(['simulate', sequence, '--machine', machine, '--json'])).stdout);
}

const SEQUENCE = '::/mediasmith/sequences/install-image.json';
