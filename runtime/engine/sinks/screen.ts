import type { Emit, RunEvent } from '../../contract/events.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import { CLEAR_LINE, CONSOLE_WIDTH, consoleLines, plainText } from '../../host/console-text.ts';
import { formatDuration } from './duration.ts';

/** Draws events for the person at the machine: plain ASCII, 80 columns, one line that changes while a step works. */
export function screenSink(write: (text: string) => void): Emit {
  return (event) => {
    const text = drawEvent(event);
    if (text !== undefined) write(text);
  };
}

/** The text for an event, with the control characters that replace the changing line. Pure. */
export function drawEvent(event: RunEvent): string | undefined {
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
      return changing(`${count(event)} ${event.name} ...`);
    case 'step-finished':
      return lasting(
        `${count(event)} ${event.name}: ${event.outcome}${event.outcome === 'skipped' ? '' : `, ${event.seconds.toFixed(1)} s`}`,
      );
    case 'progress':
      return changing(
        `        ${percent(event)} % ${event.title}, ${formatBytes(event.done)} of ${formatBytes(event.total)}${event.rate === undefined ? '' : `, ${formatBytes(event.rate)}/s`}`,
      );
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

function count({ index, of }: { index: number; of: number }): string {
  return `[${String(index).padStart(String(of).length)}/${of}]`;
}

function percent({ done, total }: { done: number; total: number }): string {
  return String(total === 0 ? 100 : Math.floor((done / total) * 100)).padStart(3);
}

const changing = (text: string): string => `${CLEAR_LINE}${plainText(text).slice(0, CONSOLE_WIDTH)}`;

/** Text that stays. */
function lasting(text: string): string {
  return `${CLEAR_LINE}${consoleLines(text)}`;
}
