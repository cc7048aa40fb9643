import { Listr, ListrLogger, type ListrTask, type ListrTaskWrapper, PRESET_TIMER, ProcessOutput } from 'listr2';
import type { Emit, RunEvent } from '../runtime/contract/events.ts';
import { formatBytes } from '../runtime/contract/format-bytes.ts';

export type ProgressStage = { name: string; title: string };

type Stage = ProgressStage & { started: PromiseWithResolvers<void>; ended: PromiseWithResolvers<void> };
// biome-ignore lint/suspicious/noExplicitAny: listr2's own type for "whatever the context and the renderers are"
type AnyTask = ListrTaskWrapper<any, any, any>;

const PLAIN_SECONDS_BETWEEN = 10;

/** Draws the events of `work` on standard error: a list that moves on a terminal, plain lines elsewhere. */
export function followProgress<T>(stages: readonly ProgressStage[], work: (emit: Emit) => Promise<T>): Promise<T> {
  // A terminal that does not know its width would get one letter a line.
  const drawable = process.stderr.isTTY && process.stderr.columns > 0;
  return drawable ? followOnTerminal(stages, work) : followPlainly(work);
}

async function followOnTerminal<T>(planned: readonly ProgressStage[], work: (emit: Emit) => Promise<T>): Promise<T> {
  const stages = planned.map(
    (stage): Stage => ({ ...stage, started: Promise.withResolvers(), ended: Promise.withResolvers() }),
  );
  let current: AnyTask | undefined;
  let next = 0;
  const emit: Emit = (event) => {
    if (event.event === 'stage-started') stages[next]?.started.resolve();
    else if (event.event === 'stage-finished') stages[next++]?.ended.resolve();
    else if (current !== undefined) current.output = describe(event) ?? current.output ?? '';
  };
  const tasks = stages.map(
    ({ title, started, ended }): ListrTask => ({
      title,
      task: async (_, task) => {
        await started.promise;
        current = task;
        await ended.promise;
      },
    }),
  );
  const list = new Listr(tasks, {
    registerSignalListeners: false,
    rendererOptions: {
      logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) }),
      timer: PRESET_TIMER,
    },
  });
  const drawing = list.run().catch(() => undefined);
  try {
    const result = await work(emit);
    for (const stage of stages.slice(next)) endStage(stage);
    return result;
  } catch (error) {
    const [failed] = stages.slice(next);
    failed?.started.resolve();
    failed?.ended.reject(error);
    throw error;
  } finally {
    await drawing;
  }
}

function endStage({ started, ended }: Stage): void {
  started.resolve();
  ended.resolve();
}

async function followPlainly<T>(work: (emit: Emit) => Promise<T>): Promise<T> {
  let last = 0;
  return work((event) => {
    if (event.event === 'progress') {
      if (performance.now() - last < PLAIN_SECONDS_BETWEEN * 1000) return;
      last = performance.now();
    }
    const line = event.event === 'stage-started' ? `${event.title} ...` : describe(event);
    if (line !== undefined) process.stderr.write(`${line}\n`);
  });
}

function describe(event: RunEvent): string | undefined {
  switch (event.event) {
    case 'stage-finished':
      return `${event.title}: ${event.seconds.toFixed(1)} s`;
    case 'progress':
      return `  ${event.title}: ${amount(event)}`;
    case 'phase':
      return `  phase ${event.phase}`;
    case 'step-started':
      return `  step ${event.index} of ${event.of}: ${event.name}`;
    case 'step-finished':
      return `  step ${event.index} of ${event.of}: ${event.name}, ${event.outcome} after ${event.seconds.toFixed(1)} s`;
    case 'log':
      return event.level === 'info' ? undefined : `  ${event.message}`;
    default:
      return undefined;
  }
}

function amount({ done, total, unit, rate }: Extract<RunEvent, { event: 'progress' }>): string {
  const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
  if (unit === 'percent') return `${percent} %`;
  const shown = unit === 'bytes' ? `${formatBytes(done)} of ${formatBytes(total)}` : `${done} of ${total} files`;
  return `${percent} %, ${shown}${rate === undefined ? '' : `, ${formatBytes(rate)}/s`}`;
}
