import { MediasmithError } from '../../contract/errors.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';
import { CHECKS, checkAll } from './checks.ts';

/** What ConfigMgr's step ends with, and so what `_SMSTSLastActionRetCode` says. */
const EXIT_CODE = 4316;

/** Every check is made before the step fails. The variable of a check that was not asked for is empty. */
export const runCheckReadiness: Run<StepOptions<'check-readiness'>> = async (options, context) => {
  const { machine, platform, variables, log } = context;
  const freeBytes = options.freeDiskSpace === undefined ? undefined : await platform.freeSpace();
  const results = checkAll(options, { ...machine, freeBytes });
  for (const { variable } of CHECKS) if (variable !== undefined) variables.set(variable, '');
  for (const { name, variable, met, lines } of results) {
    if (variable !== undefined) variables.set(variable, met ? '1' : '0');
    for (const line of lines) log(met ? 'info' : 'error', `${name}: ${line}`);
  }
  const failed = results.filter(({ met }) => !met);
  if (failed.length === 0) return;
  throw new MediasmithError('READINESS_FAILED', `the machine does not meet ${failed.length} of the requirements`, {
    lines: failed.flatMap(({ name, lines }) => lines.map((line) => `${name}: ${line}`)),
    hint: 'Nothing on it was changed.',
    exitCode: EXIT_CODE,
  });
};
