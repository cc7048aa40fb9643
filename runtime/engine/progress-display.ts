import type { Emit, RunEvent } from '../contract/events.ts';
import { isTrue } from '../contract/option-fields.ts';
import type { Variable, Variables } from '../contract/variables.ts';

type Shows = Extract<RunEvent, { event: 'progress-display' }>['shows'];

const HIDDEN = 'TSDisableProgressUI';
const LEVEL = 'TSProgressInfoLevel';
const LEVELS: Readonly<Record<string, Shows>> = { 1: 'steps', 2: 'steps-and-percent', 3: 'percent' };

/**
 * Tells the screen what ConfigMgr's variables say of it (Microsoft: "Task sequence variables"), now and, by what it
 * returns, after each change. A level that does not exist is none.
 */
export function followProgressDisplay(variables: Variables, emit: Emit): (change: Variable) => void {
  let shown: Shows = 'steps';
  const tell = (): void => {
    const shows = isTrue(variables.get(HIDDEN)) ? 'nothing' : (LEVELS[variables.get(LEVEL)?.trim() ?? ''] ?? 'steps');
    if (shows !== shown) emit({ event: 'progress-display', shows });
    shown = shows;
  };
  tell();
  return ({ name }) => {
    if ([HIDDEN, LEVEL].some((one) => one.toLowerCase() === name.toLowerCase())) tell();
  };
}
