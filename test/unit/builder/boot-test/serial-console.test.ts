import { describe, expect, it } from 'vitest';
import { SerialConsole } from '../../../../builder/boot-test/serial-console.ts';
import { formatEventLine } from '../../../../runtime/contract/event-line.ts';
import type { RunEvent } from '../../../../runtime/contract/events.ts';

const VERIFY: RunEvent = { event: 'phase', phase: 'verify' };

describe('SerialConsole', () => {
  it('finds a line and an event that are to come, amid others', async () => {
    const console = new SerialConsole();
    const line = console.waitForLine(/login/, { seconds: 60 });
    const event = console.waitForEvent((seen) => seen.event === 'phase', { seconds: 60 });
    say(console, '[    1.5] sd 0:0\r\n', `${formatEventLine({ event: 'stage-started', name: 'a', title: 'A' })}\r\n`);
    say(console, `[    1.6] usb ${formatEventLine(VERIFY)}\r\nlogin\r\n`);
    expect(await line).toBe('login');
    expect(await event).toEqual(VERIFY);
  });

  it('finds a line and an event that were there before, each time', async () => {
    const console = new SerialConsole();
    say(console, `one\r\n${formatEventLine(VERIFY)}\r\n`);
    for (const pattern of [/one/g, /one/g]) expect(await console.waitForLine(pattern, { seconds: 60 })).toBe('one');
    expect(await console.waitForEvent(() => true, { seconds: 60 })).toEqual(VERIFY);
  });

  it('tells those who wait that the machine has ended, with its last lines', async () => {
    const console = new SerialConsole();
    const waiting = console.waitForLine(/never/, { seconds: 60 });
    say(console, 'Kernel panic\r\nand no line end');
    console.end('the machine restarted');
    const failure = {
      code: 'BOOT_TEST_FAILED',
      message: 'the machine restarted, before a line /never/',
      lines: ['Kernel panic', 'and no line end'],
    };
    await expect(waiting).rejects.toMatchObject(failure);
    await expect(console.waitForLine(/never/, { seconds: 60 })).rejects.toMatchObject(failure);
  });

  it('takes what came without a line end for a line once the machine has ended', async () => {
    const console = new SerialConsole();
    const waiting = console.waitForLine(/last/, { seconds: 60 });
    say(console, 'last');
    console.end('the machine shut down');
    expect(await waiting).toBe('last');
  });

  it('does not wait longer than asked to', async () => {
    const console = new SerialConsole();
    const waiting = console.waitForEvent(() => true, { seconds: 0.01 });
    await expect(waiting).rejects.toThrow('the event did not come within 0.01 s');
  });

  it('calls a listener until it has enough', () => {
    const console = new SerialConsole();
    const events: RunEvent[] = [];
    const enough = console.onEvent((event) => events.push(event));
    say(console, `${formatEventLine(VERIFY)}\r\n`);
    enough();
    say(console, `${formatEventLine(VERIFY)}\r\n`);
    expect(events).toEqual([VERIFY]);
    expect(console.lines()).toHaveLength(2);
  });
});

function say(console: SerialConsole, ...texts: string[]): void {
  for (const text of texts) console.push(Buffer.from(text));
}
