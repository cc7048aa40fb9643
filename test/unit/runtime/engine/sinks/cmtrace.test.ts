import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../../../../runtime/contract/events.ts';
import { cmtraceSink, describeEvent, formatCmtrace } from '../../../../../runtime/engine/sinks/cmtrace.ts';
import { temporaryFolder } from '../../../../helpers/temporary-folder.ts';

const TIME = new Date('2026-02-03T04:05:06.007Z');

it('writes the records that CMTrace reads', () => {
  const record = { level: 'warning', component: 'engine', message: 'two\nlines' } as const;
  expect(formatCmtrace(record, TIME, 'smsts.log')).toBe(
    '<![LOG[two\nlines]LOG]!><time="04:05:06.007+000" date="02-03-2026" component="engine" context="" type="2" thread="0" file="smsts.log">',
  );
});

it('lets no message end its record', () => {
  const message = 'x]LOG]!><time="';
  const text = formatCmtrace({ level: 'info', component: 'c', message }, TIME, 'f');
  expect(text.split(']LOG]!>')).toHaveLength(2);
});

it('has each event in the file when the call returns', async () => {
  const file = join(await temporaryFolder(), 'smsts.log');
  const emit = cmtraceSink(file, () => TIME);
  emit({ event: 'phase', phase: 'verify' });
  emit({ event: 'progress', title: 'P', done: 1, total: 2, unit: 'bytes' });
  emit({ event: 'log', level: 'error', component: 'c', message: 'bad' });
  const lines = (await readFile(file, 'utf8')).split('\r\n');
  expect(lines).toEqual([
    expect.stringContaining('LOG[Phase: verify]LOG'),
    expect.stringMatching(/LOG\[bad\]LOG.*component="c".*type="3".*file="smsts\.log"/),
    '',
  ]);
});

it.each<[RunEvent, string, string]>([
  [
    { event: 'step-finished', index: 2, of: 9, name: 'N', type: 't', outcome: 'failed', seconds: 1.25, error: 'E' },
    'error',
    'Step 2 of 9 failed after 1.3 s: N (t)',
  ],
  [
    { event: 'step-finished', index: 2, of: 9, name: 'N', type: 't', outcome: 'skipped', seconds: 0 },
    'info',
    'Step 2 of 9 skipped after 0.0 s: N (t)',
  ],
  [{ event: 'finished', outcome: 'failed', action: 'shell', error: 'E' }, 'error', 'Run failed; next: shell\nE'],
  [{ event: 'finished', outcome: 'succeeded', action: 'restart' }, 'info', 'Run succeeded; next: restart'],
  [
    { event: 'finished', outcome: 'succeeded', action: 'restart', continues: 'full-os' },
    'info',
    'Run goes on in full-os; next: restart',
  ],
  [
    { event: 'machine-found', make: 'M', model: 'X', serial: '', firmware: 'uefi', secureBoot: true },
    'info',
    'M X, serial none, firmware uefi, Secure Boot on',
  ],
  [
    { event: 'question', kind: 'key', question: 'It failed', choices: ['R', 'S'], seconds: 900 },
    'info',
    'Question (answers itself in 900 s): It failed\n  R\n  S',
  ],
  [{ event: 'answer', answer: 'R' }, 'info', 'Answer: R'],
  [{ event: 'answer' }, 'info', 'Answer: not shown, or none'],
])('%o', (event, level, message) => {
  expect(describeEvent(event)).toMatchObject({ level, message });
});
