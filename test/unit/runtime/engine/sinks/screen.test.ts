import { expect, it } from 'vitest';
import type { RunEvent } from '../../../../../runtime/contract/events.ts';
import { drawEvent, screenSink } from '../../../../../runtime/engine/sinks/screen.ts';

const LONG = 'x'.repeat(200);
const CLEAR = '\r\x1b[K';

it.each<[RunEvent, string | undefined]>([
  [{ event: 'step-started', index: 3, of: 12, name: 'N', type: 't' }, `${CLEAR}[ 3/12] N ...`],
  [
    { event: 'step-finished', index: 3, of: 12, name: 'N', type: 't', outcome: 'succeeded', seconds: 61.04 },
    `${CLEAR}[ 3/12] N: succeeded, 61.0 s\n`,
  ],
  [
    { event: 'step-finished', index: 3, of: 12, name: 'N', type: 't', outcome: 'skipped', seconds: 0 },
    `${CLEAR}[ 3/12] N: skipped\n`,
  ],
  [
    { event: 'progress', title: 'Applying', done: 512, total: 1024, unit: 'bytes', rate: 2048 },
    `${CLEAR}         50 % Applying, 512 B of 1.0 KB, 2.0 KB/s`,
  ],
  [
    { event: 'progress', title: 'Nothing', done: 0, total: 0, unit: 'bytes' },
    `${CLEAR}        100 % Nothing, 0 B of 0 B`,
  ],
  [{ event: 'log', level: 'info', component: 'c', message: 'm' }, undefined],
  [{ event: 'log', level: 'warning', component: 'c', message: 'm' }, `${CLEAR}        m\n`],
  [{ event: 'finished', outcome: 'failed', action: 'shell', error: 'E\nhint' }, `${CLEAR}FAILED. E\nhint\n`],
  [
    {
      ...{ event: 'finished', outcome: 'succeeded', action: 'restart', seconds: 725 },
      logs: ['mediasmith/results/x on the medium'],
    },
    `${CLEAR}Done. Next: restart.\nEnded after 12 min 5 s.\nLog: mediasmith/results/x on the medium\n`,
  ],
  [
    { event: 'finished', outcome: 'succeeded', action: 'restart', continues: 'full-os', seconds: 59.6 },
    `${CLEAR}Restart after 1 min 0 s. The task sequence goes on in the installed Windows.\n`,
  ],
  [
    { event: 'machine-found', make: 'Dell', model: 'Latitude 5440', serial: 'S1', firmware: 'uefi', secureBoot: true },
    `${CLEAR}Machine: Dell Latitude 5440, serial number S1\n`,
  ],
  [
    { event: 'machine-found', make: '', model: '', serial: '', firmware: 'uefi', secureBoot: true },
    `${CLEAR}Machine: unknown, no serial number\n`,
  ],
  [
    { event: 'countdown', what: 'The machine restarts', left: 30, of: 30, message: 'Save your work' },
    `${CLEAR}Save your work\n${CLEAR}        The machine restarts in 30 s`,
  ],
  [
    { event: 'countdown', what: 'The machine restarts', left: 29, of: 30, message: 'Save your work' },
    `${CLEAR}        The machine restarts in 29 s`,
  ],
  [{ event: 'progress-display', shows: 'nothing' }, undefined],
  [{ event: 'question', kind: 'text', question: 'Q' }, undefined],
  [{ event: 'medium-found', id: 'x', device: 'd' }, undefined],
])('%o', (event, text) => {
  expect(drawEvent(event)).toBe(text);
});

it.each<RunEvent>([
  { event: 'step-started', index: 1, of: 1, name: LONG, type: 't' },
  { event: 'progress', title: LONG, done: 1, total: 2, unit: 'bytes' },
])('keeps the line that changes within 79 columns: $event', (event) => {
  const text = drawEvent(event) ?? '';
  expect(text.startsWith(CLEAR)).toBe(true);
  expect(text.slice(CLEAR.length)).toHaveLength(79);
  expect(text).not.toContain('\n');
});

it('breaks a text that stays between words, before the last column', () => {
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
  const text = drawEvent({ event: 'log', level: 'error', component: 'c', message: `${words} ${LONG}\n\nend` }) ?? '';
  const lines = text.slice(CLEAR.length).split('\n');
  for (const line of lines) expect(line.length).toBeLessThan(80);
  expect(lines.slice(-3)).toEqual(['', 'end', '']);
  expect(lines.filter((line) => line !== '').join('')).toContain(LONG);
  expect(
    lines
      .join(' ')
      .split(/\s+/)
      .filter((word) => word.startsWith('word')),
  ).toEqual(words.split(' '));
});

it('shows nothing that a raster font has not, and no control characters', () => {
  const text = drawEvent({
    event: 'step-started',
    index: 1,
    of: 1,
    name: 'Größe\t\x1b[2J\u65e5\ud83d\ude00',
    type: 't',
  });
  expect(text).toBe(`${CLEAR}[1/1] Größe ?[2J?? ...`);
});

it('shows how far it is as the sequence wants it, and each sequence anew', () => {
  const written: string[] = [];
  const sink = screenSink((text) => written.push(text.replace(CLEAR, '').trimEnd()));
  const started: RunEvent = { event: 'step-started', index: 2, of: 10, name: 'N', type: 't' };
  for (const shows of ['steps-and-percent', 'percent', 'nothing', 'steps', 'nothing'] as const) {
    sink({ event: 'progress-display', shows });
    sink(started);
  }
  sink({ event: 'progress', title: 'Applying', done: 1, total: 2, unit: 'bytes' });
  sink({ event: 'log', level: 'warning', component: 'c', message: 'a warning' });
  sink({ event: 'sequence-started', id: 's', name: 'Next', steps: 10 });
  sink(started);
  expect(written).toEqual([
    ...['[ 2/10,  20 %] N ...', '[ 20 %] N ...', '[ 2/10] N ...', '        a warning'],
    ...['Task sequence: Next, 10 steps', '[ 2/10] N ...'],
  ]);
});
