import type { Emit } from '../contract/events.ts';
import { Variables } from '../contract/variables.ts';
import { type Exec, redactor } from '../host/exec.ts';
import type { Platform } from '../platform/platform.ts';
import type { Ask } from '../steps/context.ts';
import { redactEvent } from './redact-event.ts';
import type { RunServices } from './runner.ts';

/** What a start from a medium is given. */
export type MediumRun = {
  platform: Platform;
  exec: Exec;
  /** Undefined where there is no console to ask at. */
  ask: Ask | undefined;
  /** Where the log of this run is being written. */
  logFile: string;
  emit: Emit;
  signal: AbortSignal;
  /** The clock of the machine. */
  now?: () => Date;
  /** To go on with the run that was left here, and never to begin one. */
  resume?: boolean;
} & Pick<RunServices, 'wait'>;

/** A start whose events keep the secrets of every sequence it runs, one after another. */
export type Start = Required<MediumRun> & {
  log: (level: 'info' | 'warning', message: string) => void;
  hide: (text: string) => string;
  newVariables: () => Variables;
};

export function begin(run: MediumRun): Start {
  const all: Variables[] = [];
  const secrets = () => all.flatMap((variables) => variables.secrets());
  const emit: Emit = (event) => run.emit(redactEvent(event, secrets()));
  return {
    now: () => new Date(),
    resume: false,
    ...run,
    emit,
    log: (level, message) => emit({ event: 'log', level, component: 'engine', message }),
    hide: (text) => redactor(secrets())(text),
    newVariables: () => {
      const variables = new Variables();
      all.push(variables);
      return variables;
    },
  };
}
