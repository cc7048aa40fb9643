import type { Environment } from '../contract/step.ts';
import type { TemporaryFolder } from '../platform/platform.ts';
import { definitionOf } from '../sequence/schema.ts';
import type { StepContext } from '../steps/context.ts';
import type { StepType } from '../steps/schema.ts';
import { contentToKeep } from './copy-first.ts';
import { keepState } from './keep-state.ts';
import { progressReporter } from './progress-reporter.ts';
import type { Runner } from './runner.ts';

/** Exit codes of Windows Installer that mean: done, and the machine must restart (Microsoft: "Windows Installer errors"). */
const RESTART_CODES = [3010, 1641];

type AskedRestart = { into: Environment | undefined; by: 'restart' | 'shutdown' };

export type Scope = AsyncDisposable & {
  context: StepContext;
  /** Where to, when the step has asked for a restart. */
  restart: () => AskedRestart | undefined;
};

type About = { step: StepType; attempt: number; signal: AbortSignal; successCodes?: readonly number[] | undefined };

/** What one step is given; disposing of it takes its temporary files away. */
export function contextFor({ step, attempt, signal, successCodes }: About, runner: Runner): Scope {
  const { services, state, facts } = runner;
  const { platform, exec, machine, medium, variables, ask, logFile, emit, journal } = services;
  const log: StepContext['log'] = (level, message) => emit({ event: 'log', level, component: step, message });
  let folder: Promise<TemporaryFolder> | undefined;
  let restart: AskedRestart | undefined;
  const codes = asEither(successCodes ?? definitionOf({ step }).traits.successCodes ?? [0]);
  const run: StepContext['run'] = async (argv, options = {}) => {
    const result = await exec(argv, {
      onLine: (line) => log('info', line),
      discardOutput: true,
      ...options,
      successCodes: options.successCodes ?? codes,
      secrets: variables.secrets(),
      signal,
    });
    log('info', `exit code ${result.exitCode}`);
    if (RESTART_CODES.includes(result.exitCode)) restart ??= { into: undefined, by: 'restart' };
    return result;
  };
  return {
    context: {
      platform,
      exec,
      run,
      machine,
      medium,
      variables,
      facts,
      state,
      get images() {
        return runner.images();
      },
      get contentToKeep() {
        return contentToKeep(runner.numbers.steps.keys(), medium);
      },
      attempt,
      ask,
      logFile,
      emit,
      signal,
      log,
      progress: (title) => progressReporter(emit, title),
      wait: (seconds) => services.wait(seconds, signal),
      temporaryFolder: () => {
        folder ??= platform.temporaryFolder();
        return folder;
      },
      requestRestart: (into, by = 'restart') => {
        restart = { into, by };
      },
      keepState: () => keepState(runner),
      atHandover: (data) => journal.record({ record: 'handover', step, data: { ...data } }),
    },
    restart: () => restart,
    [Symbol.asyncDispose]: async () => {
      await (await folder?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}

/** Programs give codes above 2^31 as negative numbers or not, and people write them either way. */
function asEither(codes: readonly number[]): number[] {
  return [...new Set(codes.flatMap((code) => [code, code >>> 0, code | 0]))];
}
