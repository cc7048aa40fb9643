import type { Emit, RunEvent } from '../../contract/events.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import { CONSOLE_WIDTH, consoleLines, plainText } from '../../host/console-text.ts';

const CLEAR_LINE = '\r\x1b[K';

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
      return lasting(event.outcome === 'succeeded' ? `Done. Next: ${event.action}.` : `FAILED. ${event.error ?? ''}`);
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
