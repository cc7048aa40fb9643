import type { Emit, RunEvent } from '../../contract/events.ts';
import { formatBytes } from '../../contract/format-bytes.ts';

const CLEAR_LINE = '\r\x1b[K';
const WIDTH = 79;

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

const changing = (text: string): string => `${CLEAR_LINE}${plain(text).slice(0, WIDTH)}`;

/** Text that stays: broken where the line would reach the last column, because some consoles then begin another. */
function lasting(text: string): string {
  const lines = text.split(/\r?\n/).flatMap((line) => plain(line).match(BREAKS) ?? ['']);
  return `${CLEAR_LINE}${lines.map((line) => `${line.trimEnd()}\n`).join('')}`;
}

/** Up to the last space that fits, or through a word that is longer than a line. */
const BREAKS = new RegExp(`.{1,${WIDTH}}(?= |$) ?|.{1,${WIDTH}}`, 'g');

/** What every console shows one column wide, also with a raster font. */
function plain(text: string): string {
  return text.replace(/\s/g, ' ').replace(/[^\x20-\x7e\u00a1-\u00ac\u00ae-\u00ff]/gu, '?');
}
