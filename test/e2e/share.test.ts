import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allocatedBytes, createDisk } from '../../builder/boot-test/disk.ts';
import type { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { makeDemoImage } from '../../builder/demo/windows-image.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { cli } from '../helpers/cli.ts';
import { logsOf } from '../helpers/e2e-events.ts';
import { GIB, type MachineRun, runToEnd } from '../helpers/e2e-machine.ts';
import { compareListings, listImage, listVolume } from '../helpers/e2e-ntfs.ts';
import { expectStart } from '../helpers/e2e-power-cut.ts';
import { LEFT_BEHIND, referenceDisk, withVolume } from '../helpers/e2e-reference-disk.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { COMPUTER_NAME, DEPLOY } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { prepareSamba, SAMBA_HOST } from '../helpers/samba.ts';

const ACCOUNT = 'installer';
/** The comma is what the kernel's options are separated by. */
const PASSWORD = 'teatime,7x';
const KEYS = [...'teatime', 'comma', '7', 'x', 'ret'];
const SIZE = { files: 300, bytes: 8_000_000 };

/** Ends with 1 where any process shows the password; the brackets keep it from finding itself. */
const LOOK_AT_PROCESSES = [
  'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ >/tmp/processes 2>/dev/null',
  'grep -q "[m]ediasmith" /tmp/processes && ! grep -q "[t]eatime" /tmp/processes',
].join('; ');

const scratch = useScratchFolder();

describe('a share', () => {
  it('is what a bootable medium deploys, once the password is right', async () => {
    const at = (...parts: string[]) => scratch('deploy', ...parts);
    const steps = [{ step: 'run-command-line', command: ['sh', '-c', LOOK_AT_PROCESSES] }, ...DEPLOY.steps];
    const outputs = [{ pxe: 'tree' }];
    const content = await buildTestMedium(at('content'), { sequences: [{ ...DEPLOY, steps }], options: { outputs } });
    await mkdir(at('share'));
    await rename(content.iso, at('share', 'Office PCs'));
    const network = await prepareSamba(at('samba'), {
      ...{ account: ACCOUNT, password: PASSWORD },
      shares: [{ name: 'content', folder: at('share') }],
    });
    const share = `\\\\${SAMBA_HOST}\\content\\Office PCs`;
    const iso = await build(at('project'), {
      ...{ formatVersion: 1, name: 'Bootable', contentFrom: { share, user: ACCOUNT } },
    });
    const disk = at('disk.img');
    await createDisk(disk, 4 * GIB);
    const run = await runToEnd(
      {
        ...{ firmware: 'uefi', folder: at('run'), medium: { path: iso, as: 'cdrom' }, network },
        disks: [{ path: disk, bus: 'ahci' }],
      },
      async (machine) => {
        await answer(machine, /^Password of installer on /, ['x', 'ret']);
        await machine.waitForEvent((event) => refusesPassword(event, share), { seconds: 120 });
        expect(await allocatedBytes(disk)).toBe(0);
        await answer(machine, /^Password of installer on /, KEYS, { time: 2 });
      },
    );
    expect(run.finished.error).toBeUndefined();
    expect(run).toMatchObject({ finished: { outcome: 'succeeded' }, end: 'guest-reset' });
    expect(run.events).toContainEqual({ event: 'medium-found', id: expect.any(String), device: share });
    const ended = run.events.flatMap((event) => (event.event === 'step-finished' ? [[event.type, event.outcome]] : []));
    expect(ended).toEqual(steps.map(({ step }) => [step, 'succeeded']));
    await expectUnsaid(run, at('run'));
    expect(await isOnDisk(disk, COMPUTER_NAME)).toBe(true);
    expect(await isOnDisk(disk, PASSWORD)).toBe(false);
    await expectStart(disk, at('alone'));
  });

  it('takes the image of a reference machine, encrypted on its way', async () => {
    const at = (...parts: string[]) => scratch('capture', ...parts);
    await mkdir(at('project'), { recursive: true });
    const image = await makeDemoImage({ folder: join(cacheFolder(), 'demo'), exec, emit: () => {}, size: SIZE });
    const reference = await referenceDisk(at('reference.img'), image.path);
    const before = await withVolume(reference, 1, (device) => listVolume(device, at('before.wim')));
    const network = await prepareSamba(at('samba'), {
      ...{ account: ACCOUNT, password: PASSWORD },
      shares: [{ name: 'images', folder: at('share'), writable: true, encrypted: true }],
    });
    const destination = `\\\\${SAMBA_HOST}\\images\\captured\\reference.wim`;
    const capture = {
      ...{ step: 'capture-operating-system', destination, imageName: 'Reference image' },
      ...{ account: ACCOUNT, password: '%SharePassword%' },
    };
    const logs = {
      logFolder: `\\\\${SAMBA_HOST}\\images\\logs\\%_SMSTSModel%`,
      logAccount: ACCOUNT,
      logPassword: '%SharePassword%',
    };
    const ends = { onSuccess: 'shutdown', onFailure: 'shutdown', ...logs };
    const sequence = { formatVersion: 2, id: 'capture', name: 'Capture', ...ends };
    await writeFile(at('project', 'capture.yaml'), JSON.stringify({ ...sequence, steps: [capture] }));
    const iso = await build(at('project'), {
      ...{ formatVersion: 1, name: 'Capture', sequences: ['capture.yaml'] },
      variables: [{ name: 'SharePassword', secret: true }],
    });
    const run = await runToEnd(
      {
        ...{ firmware: 'uefi', folder: at('run'), medium: { path: iso, as: 'cdrom' }, network },
        disks: [{ path: reference, bus: 'ahci' }],
      },
      (machine) => answer(machine, /SharePassword/, KEYS),
    );
    expect(run.finished.error).toBeUndefined();
    expect(run).toMatchObject({ finished: { outcome: 'succeeded', action: 'shutdown' }, end: 'guest-shutdown' });
    expect(logsOf(run.events, 'capture-operating-system')).toContain(`${destination} was read back and is whole`);
    await expectUnsaid(run, at('run'));

    const files = (await readdir(at('share', 'captured'))).sort();
    expect(files).toEqual(['reference.wim', 'reference.wim.json', 'reference.wim.log']);
    for (const file of files)
      expect((await readFile(at('share', 'captured', file))).includes(PASSWORD), file).toBe(false);
    expect(run.finished).toMatchObject({
      logs: expect.arrayContaining([expect.stringContaining(`${SAMBA_HOST}\\images\\logs`)]),
    });
    const left = (await readdir(at('share', 'logs'), { recursive: true })).filter((name) => /\.(json|log)$/.test(name));
    expect(left.map((name) => name.split('/').at(-1)).sort()).toEqual(['result.json', 'smsts.log']);
    for (const name of left) {
      const text = await readFile(at('share', 'logs', name), 'utf8');
      expect([text.length > 0, text.includes(PASSWORD)]).toEqual([true, false]);
    }
    const captured = at('share', 'captured', 'reference.wim');
    using opened = await WimFile.open(captured);
    await opened.verify();
    const after = await listImage(captured, 1);
    expect(compareListings(before, after)).toEqual({ added: [], removed: [], changed: {} });
    for (const path of Object.keys(LEFT_BEHIND)) expect(after.has(`/${path}`), path).toBe(false);
    const still = await withVolume(reference, 1, (device) => listVolume(device, at('after.wim')));
    expect(compareListings(before, still)).toEqual({ added: [], removed: [], changed: {} });
  });
});

/** A medium that somebody stands before: the password is never on it. */
async function build(folder: string, project: object): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'media.yaml'), JSON.stringify({ ...project, outputs: [{ iso: 'medium.iso' }] }));
  const { exitCode, stderr } = await cli(['build', join(folder, 'media.yaml')]);
  expect(exitCode, stderr).toBe(0);
  return join(folder, 'medium.iso');
}

/** `time`: which of several questions in the same words. */
async function answer(
  machine: VirtualMachine,
  question: RegExp,
  keys: readonly string[],
  { time = 1 } = {},
): Promise<void> {
  let asked = 0;
  const isAsked = (event: RunEvent) => event.event === 'question' && question.test(event.question) && ++asked === time;
  await machine.waitForEvent(isAsked, { seconds: 400 });
  await machine.sendKeys(...keys);
}

function refusesPassword(event: RunEvent, share: string): boolean {
  return event.event === 'log' && event.message.startsWith(`${share}: the account or the password is wrong. `);
}

/** Neither an event, a log line nor the screen's text has the password. */
async function expectUnsaid({ events }: MachineRun, folder: string): Promise<void> {
  expect(JSON.stringify(events)).not.toContain(PASSWORD);
  expect(await readFile(join(folder, 'serial.log'), 'utf8')).not.toContain(PASSWORD);
}

/** Zeros end its "lines": most of a disk is one long row of them. */
async function isOnDisk(disk: string, text: string): Promise<boolean> {
  const search = ['--null-data', '--text', '--quiet', '--fixed-strings', '--', text, disk];
  return (await exec(['grep', ...search], { successCodes: [0, 1] })).exitCode === 0;
}
