import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import { GIB, type MachineRun, runToEnd } from './e2e-machine.ts';
import { POWER_CUT_IMAGE } from './e2e-power-cut.ts';
import { IMAGE_PATH, NETWORK_DEPLOY, writeTestPxeTree } from './pxe-medium.ts';
import { WebServer } from './web-server.ts';

export const NETWORK_MEDIUM_ID = '5b1f4f5e-3c4e-4b57-9f0d-0a3b6f6b7c11';
/** QEMU's network gives this computer's loopback this address. */
const HOST = '10.0.2.2';

/** A PXE tree, and a web server on this computer that has it. */
export type NetworkMedium = { tree: string; server: WebServer; url: string };

/** One for the tests of one file, valid inside hooks and tests; the server forgets after each what it was asked for. */
export function useNetworkMedium(scratch: (...parts: string[]) => string): () => NetworkMedium {
  let server: WebServer | undefined;
  let medium: NetworkMedium | undefined;
  const made = (): NetworkMedium => {
    if (medium === undefined) throw new Error('the medium is there in hooks and tests only');
    return medium;
  };
  beforeAll(async () => {
    server = await WebServer.start(scratch());
    const url = `http://${HOST}:${server.port}/`;
    const tree = await writeTestPxeTree(scratch('medium'), { id: NETWORK_MEDIUM_ID, url, size: POWER_CUT_IMAGE });
    server.folder = tree;
    medium = { tree, server, url };
  });
  beforeEach(() => {
    made().server.requests.length = 0;
    made().server.interfere = () => false;
  });
  afterAll(() => server?.switchOff());
  return made;
}

/** Starts a machine from the network onto a new disk, until its runtime has ended. */
export async function bootFromNetwork(
  { tree }: NetworkMedium,
  { firmware, bootFile, disk }: { firmware: Firmware; bootFile: string; disk: string },
  meanwhile?: Parameters<typeof runToEnd>[1],
): Promise<MachineRun> {
  await mkdir(dirname(disk), { recursive: true });
  await createDisk(disk, 4 * GIB);
  const disks = [{ path: disk, bus: 'ahci' as const }];
  return runToEnd({ firmware, folder: dirname(disk), disks, network: { tftp: { folder: tree, bootFile } } }, meanwhile);
}

export function expectNetworkDeployment({ server }: NetworkMedium, { events, finished, end }: MachineRun): void {
  expect(finished.error).toBeUndefined();
  expect({ outcome: finished.outcome, end }).toEqual({ outcome: 'succeeded', end: 'guest-reset' });
  const steps = events.flatMap((event) => (event.event === 'step-finished' ? [[event.type, event.outcome]] : []));
  expect(steps).toEqual(NETWORK_DEPLOY.steps.map(({ step }) => [step, 'succeeded']));
  // Everything was read in ranges, and the image once more when it was applied.
  const image = server.requests.filter((request) => request.startsWith(`/${IMAGE_PATH} bytes=0-`));
  expect(image.length).toBeGreaterThanOrEqual(2);
}
