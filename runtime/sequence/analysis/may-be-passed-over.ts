import type { Entry } from '../schema.ts';
import { splitByCondition } from './where-condition.ts';

/** Whether a step or group may be left out. A condition that holds wherever disks are laid out is none. */
export function mayBePassedOver({ condition, continueOnError }: Entry): boolean {
  return (
    continueOnError || (condition !== undefined && splitByCondition(condition, ['winpe', 'linux']).mayNot.length > 0)
  );
}
