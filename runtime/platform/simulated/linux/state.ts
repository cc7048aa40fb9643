import type { Environment } from '../../../contract/step.ts';
import { stateVolume } from '../../linux/state.ts';
import type { StateStore, TargetDisk } from '../../platform.ts';
import { STATE_FOLDER } from '../../state-folder.ts';
import { simulatedState } from '../state.ts';
import type { SimulatedWorld } from '../world.ts';
import { mountVolume } from './mount.ts';

/** The states that this start has open: each keeps its volume mounted until it is closed. */
export class OpenStates {
  readonly #world: SimulatedWorld;
  readonly #states = new Map<string, StateStore>();

  constructor(world: SimulatedWorld) {
    this.#world = world;
  }

  async open(target: TargetDisk | undefined, environment: Environment): Promise<StateStore | undefined> {
    const volume = stateVolume(target, environment);
    if (volume === undefined) return undefined;
    const { device } = volume;
    const known = this.#states.get(device);
    if (known !== undefined) return known;
    const mounted = await mountVolume(this.#world, volume, 'write', '-state');
    const state = simulatedState(this.#world.recorder, `${mounted.path}/${STATE_FOLDER}`, async () => {
      if (this.#states.delete(device)) await mounted[Symbol.asyncDispose]();
    });
    this.#states.set(device, state);
    return state;
  }

  /** That on one volume, or all: the disk is laid out anew. */
  async close(device?: string): Promise<void> {
    for (const [on, state] of this.#states) if (device === undefined || on === device) await state.close();
  }
}
