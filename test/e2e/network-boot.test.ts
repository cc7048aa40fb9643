import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allocatedBytes, createDisk } from '../../builder/boot-test/disk.ts';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import { GIB, type MachineRun, runToEnd } from '../helpers/e2e-machine.ts';
import { expectStart, POWER_CUT_IMAGE } from '../helpers/e2e-power-cut.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { IMAGE_PATH, NETWORK_DEPLOY, writeTestPxeTree } from '../helpers/pxe-medium.ts';
import { WebServer } from '../helpers/web-server.ts';

const ID = '5b1f4f5e-3c4e-4b57-9f0d-0a3b6f6b7c11';
/** QEMU's network gives this computer's loopback this address. */
const HOST = '10.0.2.2';

const scratch = useScratchFolder();
let server: WebServer;
let tree: string;

beforeAll(async () => {
  server = await WebServer.start(scratch());
  const url = `http://${HOST}:${server.port}/`;
  tree = await writeTestPxeTree(scratch('medium'), { id: ID, url, size: POWER_CUT_IMAGE });
  server.folder = tree;
});
beforeEach(() => {
  server.requests.length = 0;
  server.interfere = () => false;
});
afterAll(() => server?.switchOff());

describe('a computer that starts from the network', () => {
  it('deploys under Secure Boot, though the web server is restarted while the image is applied', async () => {
    const disk = scratch('secureboot', 'disk.img');
    const cutAt = Promise.withResolvers<void>();
    let applying = false;
    server.interfere = (request, response) => {
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1]);
      if (!applying || !request.url?.endsWith(IMAGE_PATH) || !(start > 2_000_000)) return false;
      response.destroy();
      cutAt.resolve();
      return true;
    };
    const run = await boot('secureboot', 'shimx64.efi', disk, async (machine) => {
      machine.onEvent((event) => {
        if (event.event === 'step-started' && event.type === 'apply-operating-system') applying = true;
      });
      await cutAt.promise;
      await server.switchOff();
      server.interfere = () => false;
      await machine.waitForEvent((event) => isNetworkLog(event, 'does not answer'), { seconds: 60 });
      await server.switchOn();
    });
    expectDeployed(run);
    const found = run.events.find(({ event }) => event === 'machine-found');
    expect(found).toMatchObject({ firmware: 'uefi', secureBoot: true });
    expect(run.events.some((event) => isNetworkLog(event, 'answers again after'))).toBe(true);
    await expectStart(disk, scratch('secureboot', 'alone'));
  });

  it('deploys under BIOS', async () => {
    const run = await boot('bios', 'boot/pxe/grub.0', scratch('bios', 'disk.img'));
    expectDeployed(run);
    expect(run.events).toContainEqual({
      event: 'medium-found',
      id: ID,
      device: `http://${HOST}:${server.port}/`,
    });
  });

  it('changes nothing, and names the file, where one byte on the server is another', async () => {
    const disk = scratch('flipped', 'disk.img');
    const image = join(tree, IMAGE_PATH);
    const flip = async () => {
      await using file = await open(image, 'r+');
      const place = Math.floor((await file.stat()).size / 2);
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, place);
      await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, place);
    };
    await flip();
    try {
      // By the iPXE of the network card's ROM.
      const run = await boot('bios', 'autoexec.ipxe', disk);
      expect(run.finished).toMatchObject({ outcome: 'failed', code: 'MEDIUM_CORRUPT' });
      expect(run.finished.error).toContain(`${IMAGE_PATH}: its content has changed`);
    } finally {
      await flip();
    }
    expect(await allocatedBytes(disk)).toBe(0);
  });
});

async function boot(
  firmware: Firmware,
  bootFile: string,
  disk: string,
  meanwhile?: Parameters<typeof runToEnd>[1],
): Promise<MachineRun> {
  await mkdir(dirname(disk), { recursive: true });
  await createDisk(disk, 4 * GIB);
  const disks = [{ path: disk, bus: 'ahci' as const }];
  return runToEnd({ firmware, folder: dirname(disk), disks, network: { tftp: { folder: tree, bootFile } } }, meanwhile);
}

function expectDeployed({ events, finished, end }: MachineRun): void {
  expect(finished.error).toBeUndefined();
  expect({ outcome: finished.outcome, end }).toEqual({ outcome: 'succeeded', end: 'guest-reset' });
  const steps = events.flatMap((event) => (event.event === 'step-finished' ? [[event.type, event.outcome]] : []));
  expect(steps).toEqual(NETWORK_DEPLOY.steps.map(({ step }) => [step, 'succeeded']));
  // Everything was read in ranges, and the image once more when it was applied.
  const image = server.requests.filter((request) => request.startsWith(`/${IMAGE_PATH} bytes=0-`));
  expect(image.length).toBeGreaterThanOrEqual(2);
}

function isNetworkLog(event: MachineRun['events'][number], words: string): boolean {
  return event.event === 'log' && event.component === 'platform' && event.message.includes(words);
}
