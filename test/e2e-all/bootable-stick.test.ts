import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { MEDIUM_RESULTS } from '../../runtime/contract/results.ts';
import { exec } from '../../runtime/host/exec.ts';
import { cli } from '../helpers/cli.ts';
import { GIB, runToEnd } from '../helpers/e2e-machine.ts';
import { expectStart } from '../helpers/e2e-power-cut.ts';
import { expectDeployed } from '../helpers/e2e-prestaged.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { expectKeptSecret, keysOf } from '../helpers/e2e-secrets.ts';
import { filesBelow } from '../helpers/e2e-stick.ts';
import { expectDeployment } from '../helpers/e2e-stick-start.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { WebServer } from '../helpers/web-server.ts';

/** QEMU's network gives this computer's loopback this address. */
const HOST = '10.0.2.2';
const PASSWORD = 'plum orbit walnut 19';

const scratch = useScratchFolder();
let server: WebServer;

beforeAll(async () => {
  server = await WebServer.start(scratch());
});
afterAll(() => server?.switchOff());

it('a bootable stick deploys sealed content from a web server, both signed, and takes the results', async () => {
  const key = scratch('minisign.key');
  await exec(['minisign', '-G', '-W', '-p', scratch('minisign.pub'), '-s', key]);
  await writeFiles(scratch(), { 'password.txt': `${PASSWORD}\n` });
  const { iso: tree } = await buildTestMedium(scratch('content'), {
    options: { signing: { key }, password: { file: scratch('password.txt') }, outputs: [{ pxe: 'tree' }] },
  });
  server.folder = tree;
  const stick = await buildStick({ signing: { key } });

  const folder = scratch('machine');
  await mkdir(folder);
  const disk = scratch('disk.img');
  await createDisk(disk, 4 * GIB);
  const run = await runToEnd(
    {
      ...{ firmware: 'uefi', folder, medium: { path: stick, as: 'usb', keepWrites: true }, network: {} },
      disks: [{ path: disk, bus: 'ahci' }],
    },
    async (machine) => {
      await machine.waitForEvent(({ event }) => event === 'question', { seconds: 400 });
      await machine.sendKeys(...keysOf(PASSWORD), 'ret');
    },
  );

  await expectDeployed(disk, run);
  await expectStart(disk, scratch('start'));
  const { id } = JSON.parse(await readFile(join(tree, MEDIUM_PATHS.manifest), 'utf8'));
  const found = run.events.flatMap((event) => (event.event === 'medium-found' ? [event.device] : []));
  expect(found).toEqual([expect.stringMatching(/^\/dev\/sd/), `http://${HOST}:${server.port}/`]);
  expect(run.events).toContainEqual({ event: 'medium-found', id, device: found[1] });

  await expectDeployment(stick, run);
  await expectKeptSecret([PASSWORD], run, { folder, disk });
  const left = Buffer.concat([...(await filesBelow(stick, MEDIUM_RESULTS)).values()]);
  expect(left.includes('smsts.log')).toBe(true);
  expect(left.includes(PASSWORD)).toBe(false);
});

async function buildStick(options: object): Promise<string> {
  const folder = scratch('bootable');
  const contentFrom = { url: `http://${HOST}:${server.port}/` };
  const project = { formatVersion: 1, name: 'Bootable', unattended: true, contentFrom, ...options };
  const outputs = [{ usb: 'bootable.img' }];
  await writeFiles(folder, { 'media.yaml': JSON.stringify({ ...project, outputs }) });
  const { exitCode, stderr } = await cli(['build', join(folder, 'media.yaml')]);
  expect(exitCode, stderr).toBe(0);
  return join(folder, 'bootable.img');
}
