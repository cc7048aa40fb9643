import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import type { MachineDisk } from '../../builder/boot-test/machine.ts';
import { exec } from '../../runtime/host/exec.ts';
import { cli } from '../helpers/cli.ts';
import { GIB, type MachineRun, runToEnd } from '../helpers/e2e-machine.ts';
import { expectStart } from '../helpers/e2e-power-cut.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { NETWORK_DEPLOY, writeTestPxeTree } from '../helpers/pxe-medium.ts';
import { WebServer } from '../helpers/web-server.ts';

const CONTENT_ID = '5b1f4f5e-3c4e-4b57-9f0d-0a3b6f6b7c12';
/** QEMU's network gives this computer's loopback this address. */
const HOST = '10.0.2.2';
const SIZE = { files: 300, bytes: 8_000_000 };
const MIB = 1024 ** 2;

const scratch = useScratchFolder();
let server: WebServer;
let tree: string;

beforeAll(async () => {
  server = await WebServer.start(scratch());
  // What a bootable medium starts with is its own: the address in the tree is of no use to it.
  tree = await writeTestPxeTree(scratch('content'), { id: CONTENT_ID, url: 'http://nowhere.invalid/', size: SIZE });
  server.folder = tree;
});
afterAll(() => server?.switchOff());

describe('a bootable medium', () => {
  it('of a few megabytes deploys what lies on a web server', async () => {
    const url = `http://${HOST}:${server.port}/`;
    const iso = await buildBootable('url', { url });
    const disk = await emptyDisk('url', 'disk.img');
    const run = await runToEnd({
      ...{ firmware: 'uefi', folder: scratch('url'), medium: { path: iso, as: 'cdrom' }, network: {} },
      disks: [{ path: disk, bus: 'ahci' }],
    });
    expectDeployed(run, url);
    await expectStart(disk, scratch('url', 'alone'));
  });

  it('deploys what lies in a folder of another disk, which it never takes for a target', async () => {
    const iso = await buildBootable('folder', { folder: 'Content:/Media/Office' });
    const data = await dataDisk('folder');
    const before = await sha256(data.path);
    const disk = await emptyDisk('folder', 'disk.img');
    const run = await runToEnd({
      ...{ firmware: 'bios', folder: scratch('folder'), medium: { path: iso, as: 'cdrom' } },
      disks: [data, { path: disk, bus: 'ahci' }],
    });
    expectDeployed(run, /^\/dev\/sd[ab]1$/);
    expect(await sha256(data.path)).toBe(before);
  });
});

async function buildBootable(name: string, contentFrom: object): Promise<string> {
  const folder = scratch(name, 'project');
  await mkdir(folder, { recursive: true });
  const project = { formatVersion: 1, name: 'Bootable', unattended: true, contentFrom, outputs: [{ iso: 'boot.iso' }] };
  await writeFile(`${folder}/media.yaml`, JSON.stringify(project));
  const { exitCode, stderr } = await cli(['build', `${folder}/media.yaml`]);
  expect(exitCode, stderr).toBe(0);
  return `${folder}/boot.iso`;
}

async function emptyDisk(...place: string[]): Promise<string> {
  const path = scratch(...place);
  await mkdir(dirname(path), { recursive: true });
  await createDisk(path, 4 * GIB);
  return path;
}

/** An internal disk that would qualify, with one volume of FAT32. */
async function dataDisk(name: string): Promise<MachineDisk> {
  const path = await emptyDisk(name, 'data.img');
  await exec(['mkdir', '-p', scratch(name, 'Media')]);
  await exec(['cp', '-r', tree, scratch(name, 'Media', 'OFFICE')]);
  await exec(['sfdisk', '-q', path], { input: 'label: dos\nstart=2048, size=512MiB, type=c\n' });
  await exec(['mkfs.fat', '-F', '32', '-n', 'CONTENT', '--offset', String(MIB / 512), path, String(512 * 1024)]);
  await exec(['mcopy', '-s', '-i', `${path}@@1M`, scratch(name, 'Media'), '::/']);
  return { path, bus: 'ahci', serial: basename(path) };
}

async function sha256(path: string): Promise<string> {
  const { stdout } = await exec(['sha256sum', path]);
  return stdout.slice(0, 64);
}

function expectDeployed({ events, finished, end }: MachineRun, device: string | RegExp): void {
  expect(finished.error).toBeUndefined();
  expect({ outcome: finished.outcome, end }).toEqual({ outcome: 'succeeded', end: 'guest-reset' });
  expect(events).toContainEqual({ event: 'medium-found', id: CONTENT_ID, device: expect.stringMatching(device) });
  const steps = events.flatMap((event) => (event.event === 'step-finished' ? [[event.type, event.outcome]] : []));
  expect(steps).toEqual(NETWORK_DEPLOY.steps.map(({ step }) => [step, 'succeeded']));
}
