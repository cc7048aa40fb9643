import { describe, expect, it } from 'vitest';
import { BootRecord, type FollowEnd } from '../../../../builder/boot-test/boot-record.ts';
import type { RunEvent } from '../../../../runtime/contract/events.ts';

const STARTED: RunEvent = { event: 'runtime-started', version: '1', platform: 'linux', uptimeSeconds: 9 };
const VERIFY: RunEvent = { event: 'phase', phase: 'verify' };
const STEP = { index: 2, of: 5, name: 'Apply the image', type: 'apply-operating-system' } as const;
const APPLYING: RunEvent = { event: 'step-started', ...STEP };

describe('BootRecord', () => {
  it.each([
    ['restart', 'guest-reset'],
    ['shutdown', 'guest-shutdown'],
    ['shell', 'shell'],
  ] as const)('passes a success that announces %s and ends as %s', (action, end) => {
    expect(recorded(STARTED, { event: 'finished', outcome: 'succeeded', action }).failure(end)).toBeUndefined();
  });

  it.each<[string, FollowEnd, RunEvent[], string]>([
    [
      'a machine without a runtime',
      'silent',
      [],
      'nothing came over the serial port for too long before the runtime had started',
    ],
    ['a runtime that ends early', 'guest-reset', [STARTED], 'the machine restarted after the runtime had started'],
    [
      'a phase that hangs',
      'silent',
      [STARTED, VERIFY],
      'nothing came over the serial port for too long in phase verify',
    ],
    [
      'a step that takes too long',
      'timeout',
      [STARTED, VERIFY, APPLYING],
      'the time was over in step 2 of 5, Apply the image',
    ],
    [
      'an end that was not announced',
      'silent',
      [STARTED, { event: 'finished', outcome: 'succeeded', action: 'restart' }],
      'nothing came over the serial port for too long after the sequence had finished and announced: restart',
    ],
    [
      'a sequence that failed, whatever the machine did then',
      'guest-reset',
      [STARTED, { event: 'finished', outcome: 'failed', action: 'restart', error: 'no disk' }],
      'the sequence failed: no disk',
    ],
  ])('fails %s', (_, end, events, failure) => {
    expect(recorded(...events).failure(end)).toBe(failure);
  });

  it('keeps the time to the first start of the runtime and what became of each step', () => {
    const record = new BootRecord();
    record.add(STARTED, 12.5);
    record.add(STARTED, 99);
    for (const outcome of ['succeeded', 'failed', 'skipped'] as const) {
      record.add({ event: 'step-finished', ...STEP, outcome, seconds: 3 }, 20);
    }
    expect(record.secondsToRuntime).toBe(12.5);
    expect(record.steps.map(({ ok, skipped }) => ({ ok, skipped }))).toEqual([
      { ok: true, skipped: false },
      { ok: false, skipped: false },
      { ok: true, skipped: true },
    ]);
  });
});

function recorded(...events: RunEvent[]): BootRecord {
  const record = new BootRecord();
  for (const event of events) record.add(event, 1);
  return record;
}
