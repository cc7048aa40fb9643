import { isMediasmithError } from '../contract/errors.ts';
import { whyNoSuccessCodes } from '../contract/step.ts';
import { definitionOf, type Step } from '../sequence/schema.ts';
import { asEither } from '../steps/command.ts';

/** Exit codes of Windows Installer that mean: done, and the machine must restart (Microsoft: "Windows Installer errors"). */
const RESTART_CODES = [3010, 1641];

export function asksForRestart(exitCode: number): boolean {
  return RESTART_CODES.includes(exitCode);
}

/**
 * The exit code by which a step has failed and that its `successCodes` call a success, as ConfigMgr's `successCodeList`
 * does on every action; undefined where the failure stays one. So it does without the code of a program or of ConfigMgr's
 * own action, such as the 4316 of Check Readiness: a check of ours, a timeout and an interruption have none. What the
 * step would have done after the failure is not done, and what it has not registered for the hand-over stays out of it.
 * Steps that run a program for the sequence's author have had it judged by the list already: what fails them otherwise
 * is not that program. 0 stands in most lists for what nobody has called a failure.
 */
export function acceptedCode(error: unknown, step: Step): number | undefined {
  const { traits } = definitionOf(step);
  if (traits.successCodes !== undefined || whyNoSuccessCodes(traits) !== undefined) return undefined;
  const code = isMediasmithError(error) ? error.exitCode : undefined;
  if (code === undefined || code === 0) return undefined;
  return asEither(step.successCodes ?? []).includes(code) ? code : undefined;
}
