import { beforeAll, describe, expect, it } from 'vitest';
import { runBootTest } from '../../builder/boot-test/boot-test.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { GIB, MEMORY_MIB } from '../helpers/e2e-machine.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { DEPLOY } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const scratch = useScratchFolder();
let iso: string;

beforeAll(async () => {
  ({ iso } = await buildTestMedium(scratch('medium')));
});

describe.each(['uefi', 'secureboot', 'bios'] as const)('with %s firmware', (firmware) => {
  it.each(['cdrom', 'usb'] as const)('a medium as %s boots and deploys', async (as) => {
    const events: RunEvent[] = [];
    const result = await runBootTest({
      ...{ medium: iso, firmware, as, memoryMiB: MEMORY_MIB, diskBytes: 4 * GIB },
      folder: scratch(firmware, as),
      emit: (event) => events.push(event),
    });
    expect(result.failure, result.lastLines.join('\n')).toBeUndefined();
    expect(result.passed).toBe(true);
    expect(result.steps.map(({ type, ok, skipped }) => ({ step: type, ok, skipped }))).toEqual(
      DEPLOY.steps.map(({ step }) => ({ step, ok: true, skipped: false })),
    );
    expect(events.find(({ event }) => event === 'machine-found')).toMatchObject({
      firmware: firmware === 'bios' ? 'bios' : 'uefi',
      secureBoot: firmware === 'secureboot',
    });
    expect(result.diskBytesWritten).toBeGreaterThan(8_000_000);
    expect(result.screenshots.map((path) => path.split('/').at(-1))).toContain('end.png');
  });
});
