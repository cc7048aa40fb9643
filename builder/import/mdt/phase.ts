import { leftOut, type StepMapper } from '../mapping.ts';

/** MDT's phases in their order. */
const PHASES: readonly string[] = [
  'VALIDATION',
  'STATECAPTURE',
  'PREINSTALL',
  'INSTALL',
  'POSTINSTALL',
  'STATERESTORE',
];

/** Next Phase: a variable, set to the next phase that any group of the sequence asks for. */
export const nextPhase: StepMapper = (_step, _notes, { phase, phases }) => {
  const here = PHASES.indexOf(phase ?? '');
  if (here < 0) return leftOut('no group around it asks for a phase');
  const next = PHASES.slice(here + 1).find((name) => phases.has(name));
  return next === undefined ? leftOut('no phase follows') : { step: 'set-variable', variable: 'PHASE', value: next };
};
