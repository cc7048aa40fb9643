import type { Environment } from '../contract/step.ts';
import type { TemporaryFolder } from '../platform/platform.ts';
import { definitionOf } from '../sequence/schema.ts';
import { asEither } from '../steps/command.ts';
import type { StepContext } from '../steps/context.ts';
import type { StepType } from '../steps/schema.ts';
import { contentToKeep } from './copy-first.ts';
import { asksForRestart } from './exit-codes.ts';
import { fillsOf } from './fills.ts';
import { keepState } from './keep-state.ts';
import { progressReporter } from './progress-reporter.ts';
import type { Restart, Runner } from './runner.ts';

type AskedRestart = Omit<Restart, 'into' | 'carriesOver'> & { into: Environment | undefined };

export type Scope = AsyncDisposable & {
  context: StepContext;
  /** Where to, when the step has asked for a restart. */
  restart: () => AskedRestart | undefined;
  /** The code that the program of the step has ended with last, where the sequence judges it; else 0. */
  exitCode: () => number;
};

type About = { step: StepType; attempt: number; signal: AbortSignal; successCodes?: readonly number[] | undefined };

/** What one step is given; disposing of it takes its temporary files away. */
export function contextFor({ step, attempt, signal, successCodes }: About, runner: Runner): Scope {
  const { services, state, facts } = runner;
  const { platform, exec, machine, medium, variables, ask, logFile, emit, journal } = services;
  const log: StepContext['log'] = (level, message) => emit({ event: 'log', level, component: step, message });
  let folder: Promise<TemporaryFolder> | undefined;
  let restart: AskedRestart | undefined;
  let exitCode = 0;
  const usual = definitionOf({ step }).traits.successCodes;
  const codes = asEither(usual === undefined ? [0] : (successCodes ?? usual));
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
    if (asksForRestart(result.exitCode)) restart ??= { into: undefined, by: 'restart' };
    if (usual !== undefined && options.successCodes === undefined) exitCode = result.exitCode;
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
      get fills() {
        return fillsOf(runner);
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
      requestRestart: (into, by = 'restart', notice = undefined) => {
        restart = { into, by, notice };
      },
      keepState: () => keepState(runner),
      atHandover: (data) => journal.record({ record: 'handover', step, data: { ...data } }),
    },
    restart: () => restart,
    exitCode: () => exitCode,
    [Symbol.asyncDispose]: async () => {
      await (await folder?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}
