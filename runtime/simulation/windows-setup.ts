import type { Variables } from '../contract/variables.ts';
import type { SimulatedWorld } from '../platform/simulated/world.ts';
import { HOOKS } from '../steps/upgrade/scripts.ts';
import { UPGRADING } from '../steps/upgrade-operating-system/run.ts';

/**
 * Plays what Windows Setup does while the sequence waits for it: it upgrades Windows or brings the old one back, and the
 * script of either says so.
 */
export function finishSetup(world: SimulatedWorld, variables: Pick<Variables, 'get'>, rollsBack: boolean): void {
  if (variables.get(UPGRADING) === undefined) return;
  const { mark } = rollsBack ? HOOKS.postRollback : HOOKS.postOobe;
  world.volumes.place('C:', mark.replaceAll('/', '\\'));
  world.deployed = !rollsBack;
}
