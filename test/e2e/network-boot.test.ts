import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allocatedBytes } from '../../builder/boot-test/disk.ts';
import type { MachineRun } from '../helpers/e2e-machine.ts';
import { bootFromNetwork, expectNetworkDeployment, useNetworkMedium } from '../helpers/e2e-network-boot.ts';
import { expectStart } from '../helpers/e2e-power-cut.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { IMAGE_PATH } from '../helpers/pxe-medium.ts';

const scratch = useScratchFolder();
const medium = useNetworkMedium(scratch);

describe('a computer that starts from the network', () => {
  it('deploys under Secure Boot, though the web server is restarted while the image is applied', async () => {
    const { server } = medium();
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
    const wish = { firmware: 'secureboot', bootFile: 'shimx64.efi', disk } as const;
    const run = await bootFromNetwork(medium(), wish, async (machine) => {
      machine.onEvent((event) => {
        if (event.event === 'step-started' && event.type === 'apply-operating-system') applying = true;
      });
      await cutAt.promise;
      await server.switchOff();
      server.interfere = () => false;
      await machine.waitForEvent((event) => isNetworkLog(event, 'does not answer'), { seconds: 60 });
      await server.switchOn();
    });
    expectNetworkDeployment(medium(), run);
    const found = run.events.find(({ event }) => event === 'machine-found');
    expect(found).toMatchObject({ firmware: 'uefi', secureBoot: true });
    expect(run.events.some((event) => isNetworkLog(event, 'answers again after'))).toBe(true);
    await expectStart(disk, scratch('secureboot', 'alone'));
  });

  it('changes nothing, and names the file, where one byte on the server is another', async () => {
    const disk = scratch('flipped', 'disk.img');
    const image = join(medium().tree, IMAGE_PATH);
    const flip = async () => {
      await using file = await open(image, 'r+');
      const place = Math.floor((await file.stat()).size / 2);
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, place);
      await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, place);
    };
    await flip();
    try {
      // By the iPXE of the network card's ROM.
      const run = await bootFromNetwork(medium(), { firmware: 'bios', bootFile: 'autoexec.ipxe', disk });
      expect(run.finished).toMatchObject({ outcome: 'failed', code: 'MEDIUM_CORRUPT' });
      expect(run.finished.error).toContain(`${IMAGE_PATH}: its content has changed`);
    } finally {
      await flip();
    }
    expect(await allocatedBytes(disk)).toBe(0);
  });
});

function isNetworkLog(event: MachineRun['events'][number], words: string): boolean {
  return event.event === 'log' && event.component === 'platform' && event.message.includes(words);
}
