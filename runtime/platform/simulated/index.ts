import type { PlatformName } from '../../contract/step.ts';
import type { Platform } from '../platform.ts';
import { simulatedLinux } from './linux/index.ts';
import { simulatedWindows } from './windows/index.ts';
import type { SimulatedWorld } from './world.ts';

/**
 * A platform on which nothing happens: it carries the name of what it stands for, its command lines are that platform's,
 * made by the same builders, and everything is noted.
 */
export function simulatedPlatform(world: SimulatedWorld, name: PlatformName): Platform {
  return name === 'linux' ? simulatedLinux(world) : simulatedWindows(world, name);
}
