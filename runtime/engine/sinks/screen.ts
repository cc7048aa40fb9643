import type { Emit, RunEvent } from '../../contract/events.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import { CLEAR_LINE, CONSOLE_WIDTH, consoleLines, plainText } from '../../host/console-text.ts';
import { formatDuration } from './duration.ts';

/** Draws events for the person at the machine: plain ASCII, 80 columns, one line that changes while a step works. */
export function screenSink(write: (text: string) => void): Emit {
  let shows: Shows = 'steps';
  return (event) => {
    // Each sequence has variables of its own.
    if (event.event === 'sequence-started') shows = 'steps';
    if (event.event === 'progress-display') shows = event.shows;
    const text = drawEvent(event, shows);
    if (text !== undefined) write(text);
  };
}

type Shows = Extract<RunEvent, { event: 'progress-display' }>['shows'];

const OF_PROGRESS: ReadonlySet<RunEvent['event']> = new Set(['step-started', 'step-finished', 'progress']);

/** The text for an event, with the control characters that replace the changing line. Pure. */
export function drawEvent(event: RunEvent, shows: Shows = 'steps'): string | undefined {
  if (shows === 'nothing' && OF_PROGRESS.has(event.event)) return undefined;
  switch (event.event) {
    case 'runtime-started':
      return `${CLEAR_LINE}\nMediasmith ${event.version}\n`;
    case 'phase':
      return changing(PHASES[event.phase]);
    case 'machine-found':
      return lasting(
        `Machine: ${[event.make, event.model].filter(Boolean).join(' ') || 'unknown'}, ${serialOf(event)}`,
      );
    case 'sequence-started':
      return lasting(`Task sequence: ${event.name}, ${event.steps} steps`);
    case 'step-started':
      return changing(`${count(event, shows)} ${event.name} ...`);
    case 'step-finished':
      return lasting(
        `${count(event, shows)} ${event.name}: ${event.outcome}${event.outcome === 'skipped' ? '' : `, ${event.seconds.toFixed(1)} s`}`,
      );
    case 'progress':
      return changing(
        `        ${percent(event)} % ${event.title}, ${formatBytes(event.done)} of ${formatBytes(event.total)}${event.rate === undefined ? '' : `, ${formatBytes(event.rate)}/s`}`,
      );
    case 'countdown':
      return drawCountdown(event);
    case 'log':
      return event.level === 'info' ? undefined : lasting(`        ${event.message}`);
    case 'finished':
      return lasting(drawEnd(event));
    default:
      return undefined;
  }
}

const PHASES: Record<Extract<RunEvent, { event: 'phase' }>['phase'], string> = {
  medium: 'Looking for the medium ...',
  verify: 'Verifying the medium ...',
  inventory: 'Looking at the machine ...',
  choose: 'Choosing the task sequence ...',
  sequence: 'Starting the task sequence ...',
};

function serialOf({ serial }: { serial: string }): string {
  return serial === '' ? 'no serial number' : `serial number ${serial}`;
}

const GOES_ON = { winpe: 'the boot environment', 'full-os': 'the installed Windows' } as const;

function drawEnd({ outcome, action, continues, error, seconds, logs = [] }: Extract<RunEvent, { event: 'finished' }>) {
  const time = seconds === undefined ? '' : ` after ${formatDuration(seconds)}`;
  if (continues !== undefined) {
    const leave = action === 'shutdown' ? 'Shutdown' : 'Restart';
    return `${leave}${time}. The task sequence goes on in ${GOES_ON[continues]}.`;
  }
  const end = outcome === 'succeeded' ? `Done. Next: ${action}.` : `FAILED. ${error ?? ''}`;
  const ended = time === '' ? [] : [`Ended${time}.`];
  return [end, ...ended, ...logs.map((place) => `Log: ${place}`)].join('\n');
}

/** The percentage is of the steps, as ConfigMgr's is. */
function count({ index, of }: { index: number; of: number }, shows: Shows): string {
  const steps = `${String(index).padStart(String(of).length)}/${of}`;
  const share = `${percent({ done: index, total: of })} %`;
  if (shows === 'percent') return `[${share}]`;
  return shows === 'steps-and-percent' ? `[${steps}, ${share}]` : `[${steps}]`;
}

function percent({ done, total }: { done: number; total: number }): string {
  return String(total === 0 ? 100 : Math.floor((done / total) * 100)).padStart(3);
}

/** What the sequence says of it once, and how long it takes. */
function drawCountdown({ what, left, of, message }: Extract<RunEvent, { event: 'countdown' }>): string {
  const said = message === undefined || left !== of ? '' : lasting(message);
  return `${said}${changing(`        ${what} in ${left} s`)}`;
}

const changing = (text: string): string => `${CLEAR_LINE}${plainText(text).slice(0, CONSOLE_WIDTH)}`;

/** Text that stays. */
function lasting(text: string): string {
  return `${CLEAR_LINE}${consoleLines(text)}`;
}
