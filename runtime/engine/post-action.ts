import type { Emit } from '../contract/events.ts';
import { expandText, type Variables } from '../contract/variables.ts';
import { parseCommandLine } from '../host/command-line.ts';
import type { Exec } from '../host/exec.ts';
import type { Platform } from '../platform/platform.ts';
import { messageOf } from './report-failure.ts';

export type PostAction = {
  variables: Variables;
  platform: Pick<Platform, 'facts'>;
  exec: Exec;
  emit: Emit;
  signal: AbortSignal;
};

/**
 * Runs the command line in `SMSTSPostAction`, the last thing of a sequence that has ended well. It is waited for: what
 * it begins may be a restart of its own. A failure is a warning, because the sequence has succeeded.
 */
export async function runPostAction({ variables, platform, exec, emit, signal }: PostAction): Promise<void> {
  const action = variables.get('SMSTSPostAction');
  if (action === undefined) return;
  const log = (level: 'info' | 'warning', message: string) =>
    emit({ event: 'log', level, component: 'SMSTSPostAction', message });
  const commandLine = expandText(action, variables).replace(
    /%([^%\s]+)%/g,
    (literal, name: string) => platform.facts.environment(name) ?? literal,
  );
  try {
    const argv = parseCommandLine(commandLine);
    if (argv === undefined) return;
    log('info', `command line: ${commandLine}`);
    const secrets = variables.secrets();
    const { exitCode } = await exec(argv, { commandLine, signal, secrets, onLine: (line) => log('info', line) });
    log('info', `exit code ${exitCode}`);
  } catch (error) {
    log('warning', `the command has failed: ${messageOf(error)}`);
  }
}
