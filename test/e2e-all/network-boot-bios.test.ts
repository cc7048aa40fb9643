import { describe, expect, it } from 'vitest';
import {
  bootFromNetwork,
  expectNetworkDeployment,
  NETWORK_MEDIUM_ID,
  useNetworkMedium,
} from '../helpers/e2e-network-boot.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';

const scratch = useScratchFolder();
const medium = useNetworkMedium(scratch);

describe('a computer that starts from the network', () => {
  it('deploys under BIOS', async () => {
    const wish = { firmware: 'bios', bootFile: 'boot/pxe/grub.0', disk: scratch('bios', 'disk.img') } as const;
    const run = await bootFromNetwork(medium(), wish);
    expectNetworkDeployment(medium(), run);
    expect(run.events).toContainEqual({
      event: 'medium-found',
      id: NETWORK_MEDIUM_ID,
      device: medium().url,
    });
  });
});
