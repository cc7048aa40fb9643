import { systemVolume } from '../../boot-files.ts';
import { bootCopies, bootStorePath, PENDING, UEFI_LOADERS } from '../../linux/boot-copies.ts';
import { syncArgv } from '../../linux/mount.ts';
import type { Platform } from '../../platform.ts';
import type { SimulatedWorld } from '../world.ts';
import { mountVolume } from './mount.ts';

/** Boot files and the BCD store are copied and written by ourselves, and by no program. */
export function bootTools(world: SimulatedWorld): Pick<Platform, 'prepareBoot' | 'activateBoot'> {
  const { recorder, exec } = world;
  return {
    prepareBoot: async ({ target, windows }) => {
      const system = systemVolume(target);
      await using source = await mountVolume(world, windows, 'read');
      await using destination = await mountVolume(world, system, 'write');
      for (const { from, to } of bootCopies(target.style))
        recorder.write(`${destination.path}/${to}: a copy of ${source.path}/${from}`);
      recorder.write(`${destination.path}/${bootStorePath(target.style)}`);
    },
    activateBoot: async ({ target }) => {
      world.deployed = true;
      const { device, style } = target;
      if (style === 'gpt') {
        await using mounted = await mountVolume(world, systemVolume(target), 'write');
        await exec(syncArgv());
        for (const path of UEFI_LOADERS)
          recorder.write(`${mounted.path}/${path}${PENDING}: is renamed to ${mounted.path}/${path}`);
      } else {
        recorder.write(`${device}: core.img of GRUB, behind the first sector`);
        recorder.write(`${device}: boot.img of GRUB in the first sector, volume ${systemVolume(target).number} active`);
      }
      recorder.write(`${device}: the claim is taken away`);
    },
  };
}
