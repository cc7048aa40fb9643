import { expect, it } from 'vitest';
import { formatEventLine } from '../../../../runtime/contract/event-line.ts';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import { parseEventLine } from '../../../../runtime/contract/parse-event-line.ts';

const EVENTS: readonly RunEvent[] = [
  { event: 'runtime-started', version: '0.1.0', platform: 'linux', uptimeSeconds: 1.5 },
  { event: 'phase', phase: 'verify' },
  { event: 'medium-found', id: 'x', device: '/dev/sr0' },
  { event: 'sequence-started', id: 'install', name: 'Größe "n" \\ \n', steps: 3 },
  { event: 'step-started', index: 1, of: 3, name: 'A', type: 'set-variable' },
  {
    event: 'step-finished',
    index: 1,
    of: 3,
    name: 'A',
    type: 'set-variable',
    outcome: 'failed',
    seconds: 0,
    error: 'E',
  },
  { event: 'stage-started', name: 's', title: 'S' },
  { event: 'stage-finished', name: 's', title: 'S', seconds: 2 },
  { event: 'progress', title: 'P', done: 1, total: 2, unit: 'bytes', rate: 3 },
  { event: 'log', level: 'warning', component: 'c', message: '@mediasmith {' },
  { event: 'finished', outcome: 'failed', action: 'shell', code: 'STEP_FAILED', error: 'E' },
];

it.each(EVENTS)('$event comes back as it was, on one line', (event) => {
  const line = formatEventLine(event);
  expect(line).not.toMatch(/[\r\n]/);
  expect(parseEventLine(line)).toEqual(event);
});

it('is found behind what the firmware left on the line, and with a carriage return behind it', () => {
  const event: RunEvent = { event: 'phase', phase: 'medium' };
  expect(parseEventLine(`\x1b[2J[    0.1] kernel: ${formatEventLine(event)}\r`)).toEqual(event);
});

it.each([
  '',
  'login:',
  '@mediasmith',
  '@mediasmith {"event":"phase","phase":"med',
  '@mediasmith {"event":"phase","phase":"lunch"}',
  '@mediasmith {"event":"unheard-of"}',
  '@mediasmith null',
  '@mediasmith {"event":"phase","phase":"medium"} [  1.2] usb 1-1: new device',
])('%j is no event', (line) => {
  expect(parseEventLine(line)).toBeUndefined();
});
