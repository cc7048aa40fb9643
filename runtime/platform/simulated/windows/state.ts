import type { Environment, PlatformName } from '../../../contract/step.ts';
import type { StateStore, TargetDisk } from '../../platform.ts';
import { STATE_FOLDER } from '../../state-folder.ts';
import { simulatedState } from '../state.ts';
import type { SimulatedWorld } from '../world.ts';

/** The drive of the running Windows. */
export const WINDOWS_DRIVE = 'C:';

/**
 * Where the journal would lie: on the system volume while a deployment is under way, on Windows' own afterwards. The one
 * of a simulation lives in memory, because restarts are only played.
 */
export function openState(
  { recorder }: Pick<SimulatedWorld, 'recorder'>,
  name: PlatformName,
  target: TargetDisk | undefined,
  environment: Environment,
): StateStore | undefined {
  const { windows, replacing, volumes = [] } = target ?? {};
  const underWay = volumes.find(({ role, number }) =>
    replacing === undefined ? role === 'system' : number === replacing,
  );
  const drive =
    name === 'windows' ? WINDOWS_DRIVE : (environment === 'full-os' ? windows : underWay)?.device.slice(0, 2);
  if (drive === undefined || drive === '') return undefined;
  return simulatedState(recorder, `${drive}\\${STATE_FOLDER}`);
}
