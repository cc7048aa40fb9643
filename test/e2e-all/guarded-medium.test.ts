import { copyFile, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { allocatedBytes, createDisk } from '../../builder/boot-test/disk.ts';
import type { MachineMedium } from '../../builder/boot-test/machine.ts';
import type { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { hashBytes } from '../../builder/hash.ts';
import { locateInIso } from '../../builder/tools/xorriso.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { logsOf } from '../helpers/e2e-events.ts';
import { GIB, type MachineRun, runToEnd } from '../helpers/e2e-machine.ts';
import { expectStart } from '../helpers/e2e-power-cut.ts';
import { expectDeployed } from '../helpers/e2e-prestaged.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { deployedFile, expectKeptSecret, keysOf } from '../helpers/e2e-secrets.ts';
import { IMAGE, type WrittenSequence } from '../helpers/e2e-sequences.ts';
import { parseXml, textsOf } from '../helpers/e2e-xml.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';

const scratch = useScratchFolder();
const PASSWORD = 'plum orbit walnut 19';
const WRONG = 'plum orbit walnut 18';
const PIN = 'Zq7-value-of-the-pin';
const SECRETS = [PASSWORD, WRONG, PIN, 'AGE-SECRET-KEY-1'];
const SYSTEM = { manufacturer: 'Acme', product: 'One', serial: 'SN-4711' };
const IN_TIME = new Date('2031-06-15T12:00:00Z');
const TOO_LATE = new Date('2032-01-02T12:00:00Z');

const SEQUENCE: WrittenSequence = {
  formatVersion: 2,
  id: 'branch',
  name: 'Rollout of the branch',
  onSuccess: 'restart',
  onFailure: 'shutdown',
  steps: [
    { step: 'format-and-partition-disk' },
    { step: 'apply-operating-system', image: IMAGE },
    { step: 'apply-windows-settings', computerName: '%OSDComputerName%', organization: '%Site%', timeZone: 'UTC' },
    { step: 'run-command-line', name: 'Say it', command: ['echo', 'room %Room%, site %Site%, pin %Pin%'] },
  ],
};

const MACHINES = {
  formatVersion: 1,
  collections: [{ name: 'all', variables: { Room: 'any', OSDComputerName: 'ANY' } }],
  machines: [{ match: { serial: SYSTEM.serial }, variables: { Room: 'Raum 77', OSDComputerName: 'BRANCH-17' } }],
};

let iso: string;
let stick: string;

beforeAll(async () => {
  const folder = scratch('medium');
  await writeFiles(folder, {
    'password.txt': `${PASSWORD}\n`,
    'machines.yaml': JSON.stringify(MACHINES),
    'prestart/site.sh': 'printf "Site=%s\\n" "$(cat site.txt)" >>"$MEDIASMITH_VARIABLES"\necho the site is known\n',
    'prestart/site.txt': 'Quedlinburg & Söhne',
  });
  await exec(['minisign', '-G', '-W', '-p', join(folder, 'minisign.pub'), '-s', join(folder, 'minisign.key')]);
  const { outputs } = await buildTestMedium(folder, {
    sequences: [SEQUENCE],
    packages: ['prestart'],
    options: {
      signing: { key: 'minisign.key' },
      password: { file: 'password.txt' },
      valid: { from: '2031-01-01', until: '2031-12-31' },
      prestart: { command: ['sh', 'site.sh'], package: 'prestart' },
      machines: 'machines.yaml',
      variables: [{ name: 'Pin', value: PIN, secret: true }],
      outputs: [{ iso: 'medium.iso' }, { usb: 'medium.img' }],
    },
  });
  [iso = '', stick = ''] = outputs;
});

describe('a medium that is signed and sealed, with dates, a prestart command and a machines file', () => {
  let run: MachineRun;
  let disk: string;
  let waited: number;

  beforeAll(async () => {
    ({ run, disk } = await start('deployed', { path: iso, as: 'cdrom' }, IN_TIME, async (machine) => {
      waited = await typeWrongAndRight(machine);
    }));
  });

  it('is held against its signature before the password is asked for', () => {
    const said = run.events.map((event) => (event.event === 'log' ? event.message : event.event));
    const signed = said.findIndex((text) => /^the medium is signed with the key [0-9A-F]{16}: /.test(text));
    expect(signed).toBeGreaterThan(0);
    expect(said.indexOf('question')).toBeGreaterThan(signed);
  });

  it('takes its time for a wrong password', () => {
    expect(logsOf(run.events, 'engine')).toContain('The password is wrong. The next one can be typed in 1 s.');
    expect(run.events.filter(({ event }) => event === 'question')).toHaveLength(2);
    expect(waited).toBeGreaterThan(1000);
  });

  it('deploys this machine with what is meant for it', async () => {
    await expectDeployed(disk, run);
    expect(logsOf(run.events, 'prestart')).toContain('the site is known');
    expect(logsOf(run.events, 'run-command-line')).toContain('room Raum 77, site Quedlinburg & Söhne, pin ********');
    const answers = parseXml(await deployedFile(disk, 'Windows/Panther/unattend.xml', scratch('deployed')));
    expect(textsOf(answers, 'ComputerName')).toEqual(['BRANCH-17']);
    expect(textsOf(answers, 'RegisteredOrganization')).toEqual(['Quedlinburg & Söhne']);
    await expectStart(disk, scratch('deployed', 'start'));
  });

  it('shows no password, neither of the two, and no secret, on the disk either', async () => {
    await expectKeptSecret(SECRETS, run, { folder: scratch('deployed'), disk });
    const patterns = SECRETS.flatMap((secret) => ['-e', secret]);
    const { stdout } = await exec(['grep', '-aoF', ...patterns, disk], { successCodes: [0, 1] });
    expect(stdout).toBe('');
  });
});

describe('the same medium is refused before anything is asked or touched', () => {
  it('with one changed byte in its manifest, whose digest agrees', async () => {
    const forged = scratch('forged.iso');
    await copyFile(iso, forged);
    await forgeIso(forged);
    const run = await expectRefused('forged', { path: forged, as: 'cdrom' }, IN_TIME);
    expect(run.finished).toMatchObject({ outcome: 'failed', code: 'SIGNATURE_INVALID' });
    expect(run.finished.error).toContain('the manifest of this medium is not the one that was signed');
  });

  it('without a signature', async () => {
    const unsigned = scratch('unsigned.img');
    await copyFile(stick, unsigned);
    await exec(['mdel', '-i', `${unsigned}@@1M`, `::/${MEDIUM_PATHS.manifestSignature}`]);
    const run = await expectRefused('unsigned', { path: unsigned, as: 'usb', keepWrites: true }, IN_TIME);
    expect(run.finished).toMatchObject({ outcome: 'failed', code: 'SIGNATURE_INVALID' });
    expect(run.finished.error).toContain('the manifest of this medium is not signed');
  });

  it('after its last day, with the date', async () => {
    const run = await expectRefused('expired', { path: stick, as: 'usb', keepWrites: true }, TOO_LATE);
    expect(run.finished).toMatchObject({ outcome: 'failed', code: 'MEDIUM_NOT_VALID' });
    expect(run.finished.error).toContain(
      "valid from 2031-01-01T00:00:00.000Z until 2031-12-31T23:59:59.999Z, and this machine's clock says 2032-01-02T",
    );
  });
});

/** Starts a machine with one empty disk. */
async function start(
  name: string,
  medium: MachineMedium,
  clock: Date,
  meanwhile?: (machine: VirtualMachine) => Promise<void>,
): Promise<{ run: MachineRun; disk: string }> {
  const folder = scratch(name);
  const disk = scratch(`${name}.disk`);
  await mkdir(folder, { recursive: true });
  await createDisk(disk, 4 * GIB);
  const hardware = { medium, clock, system: SYSTEM, disks: [{ path: disk, bus: 'ahci' as const }] };
  const run = await runToEnd({ ...hardware, firmware: 'uefi', folder }, meanwhile);
  return { run, disk };
}

/** Returns the milliseconds between the wrong password and the next question. */
async function typeWrongAndRight(machine: VirtualMachine): Promise<number> {
  await nthQuestion(machine, 1);
  await machine.sendKeys(...keysOf(WRONG), 'ret');
  const typed = performance.now();
  await nthQuestion(machine, 2);
  const waited = performance.now() - typed;
  await machine.sendKeys(...keysOf(PASSWORD), 'ret');
  return waited;
}

async function nthQuestion(machine: VirtualMachine, nth: number): Promise<void> {
  let seen = 0;
  const question = await machine.waitForEvent(({ event }) => event === 'question' && ++seen === nth, { seconds: 400 });
  expect(question).toMatchObject({ question: 'Password of the medium' });
}

async function expectRefused(name: string, medium: MachineMedium, clock: Date): Promise<MachineRun> {
  const { run, disk } = await start(name, medium, clock);
  const said = run.events.map(({ event }) => event);
  for (const event of ['question', 'sequence-started', 'machine-found']) expect(said).not.toContain(event);
  expect(logsOf(run.events, 'prestart')).toEqual([]);
  expect(await allocatedBytes(disk)).toBe(0);
  await expectKeptSecret(SECRETS, run, { folder: scratch(name) });
  return run;
}

/** Changes one byte of the manifest as somebody would who knows of its digest. */
async function forgeIso(file: string): Promise<void> {
  const paths = [MEDIUM_PATHS.manifest, MEDIUM_PATHS.manifestDigest];
  const extents = await locateInIso(file, paths, exec);
  const [manifest, digest] = paths.map((path) => extents.get(path));
  if (manifest === undefined || digest === undefined) throw new Error(`${file} has no manifest`);
  const bytes = (await readFile(file)).subarray(manifest.offset, manifest.offset + manifest.bytes);
  bytes.write('R', bytes.indexOf('Test medium'));
  await using opened = await open(file, 'r+');
  await opened.write(bytes, 0, bytes.length, manifest.offset);
  await opened.write(hashBytes(bytes), digest.offset);
}
