import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Emit, RunEvent } from '../../contract/events.ts';

type Level = 'info' | 'warning' | 'error';

const TYPES: Record<Level, number> = { info: 1, warning: 2, error: 3 };

/** Writes events into a file that CMTrace reads. Each record is on the disk when the call returns. */
export function cmtraceSink(path: string, now: () => Date = () => new Date()): Emit {
  return (event) => {
    const record = describeEvent(event);
    if (record !== undefined) appendFileSync(path, `${formatCmtrace(record, now(), basename(path))}\r\n`);
  };
}

export type LogRecord = { level: Level; component: string; message: string };

/** One record (format: Microsoft "About log files", CMTrace). Times are UTC: the boot environment has no time zone. */
export function formatCmtrace({ level, component, message }: LogRecord, time: Date, file: string): string {
  const iso = time.toISOString();
  const [year, month, day] = iso.slice(0, 10).split('-');
  const text = message.replaceAll(']LOG]!>', '] LOG]!>');
  return (
    `<![LOG[${text}]LOG]!><time="${iso.slice(11, 23)}+000" date="${month}-${day}-${year}" ` +
    `component="${component}" context="" type="${TYPES[level]}" thread="0" file="${file}">`
  );
}

/** What a log says of an event; undefined for progress, which would fill it. */
export function describeEvent(event: RunEvent): LogRecord | undefined {
  const engine = (message: string, level: Level = 'info'): LogRecord => ({ level, component: 'engine', message });
  switch (event.event) {
    case 'log':
      return event;
    case 'runtime-started':
      return engine(`Mediasmith ${event.version} on ${event.platform}`);
    case 'phase':
      return engine(`Phase: ${event.phase}`);
    case 'medium-found':
      return engine(`Medium ${event.id} found on ${event.device}`);
    case 'machine-found':
      return { level: 'info', component: 'inventory', message: describeMachine(event) };
    case 'question': {
      const { question, choices, seconds } = event;
      const waits = seconds === undefined ? '' : ` (answers itself in ${seconds} s)`;
      return engine([`Question${waits}: ${question}`, ...(choices ?? []).map((choice) => `  ${choice}`)].join('\n'));
    }
    case 'answer':
      return engine(`Answer: ${event.answer ?? 'not shown, or none'}`);
    case 'sequence-started':
      return engine(`Sequence "${event.name}" (${event.id}) started, ${event.steps} steps`);
    case 'step-started':
      return engine(`Step ${event.index} of ${event.of} started: ${event.name} (${event.type})`);
    case 'step-finished':
      return engine(
        `Step ${event.index} of ${event.of} ${event.outcome} after ${event.seconds.toFixed(1)} s: ${event.name} (${event.type})`,
        event.outcome === 'failed' ? 'error' : 'info',
      );
    case 'finished':
      return engine(describeEnd(event), event.outcome === 'failed' ? 'error' : 'info');
    default:
      return undefined;
  }
}

type Event<Name> = Extract<RunEvent, { event: Name }>;

function describeMachine({ make, model, serial, firmware, secureBoot }: Event<'machine-found'>): string {
  const more = `firmware ${firmware}, Secure Boot ${secureBoot ? 'on' : 'off'}`;
  return `${make} ${model}, serial ${serial || 'none'}, ${more}`;
}

function describeEnd({ outcome, action, continues, code, error }: Event<'finished'>): string {
  const end =
    continues === undefined ? `Run ${outcome}; next: ${action}` : `Run goes on in ${continues}; next: ${action}`;
  if (error === undefined) return end;
  return `${end}\n${code === undefined ? '' : `${code}: `}${error}`;
}
