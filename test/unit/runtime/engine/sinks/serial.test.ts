import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../../../../runtime/contract/events.ts';
import { parseEventLine } from '../../../../../runtime/contract/parse-event-line.ts';
import { startSinks } from '../../../../../runtime/engine/sinks/index.ts';
import { serialSink } from '../../../../../runtime/engine/sinks/serial.ts';
import { exec } from '../../../../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const EVENT: RunEvent = { event: 'log', level: 'info', component: 'c', message: 'x'.repeat(1000) };

/** A pipe that is open for reading, as a port is to which somebody is attached. Nothing reads it yet. */
async function pipe(): Promise<{ path: string; read: () => string }> {
  const path = join(await temporaryFolder(), 'port');
  await exec(['mkfifo', path]);
  const end = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(end));
  const buffer = Buffer.alloc(1024 ** 2);
  return { path, read: () => buffer.toString('utf8', 0, readSync(end, buffer)) };
}

describe('a serial port', () => {
  it('gets a line for each event, each at the start of a line', async () => {
    const port = await pipe();
    using sink = serialSink(port.path);
    sink(EVENT);
    sink({ event: 'phase', phase: 'medium' });
    const lines = port.read().split('\n');
    expect(lines.map(parseEventLine).filter(Boolean)).toEqual([EVENT, { event: 'phase', phase: 'medium' }]);
    expect(lines[0]).toBe('');
  });

  it('that nobody reads holds nothing up, and is written again when somebody does', async () => {
    const port = await pipe();
    using sink = serialSink(port.path);
    for (let count = 0; count < 5000; count++) sink(EVENT);
    const kept = port.read().split('\n').map(parseEventLine).filter(Boolean).length;
    expect(kept).toBeGreaterThan(10);
    expect(kept).toBeLessThan(5000);
    sink({ event: 'phase', phase: 'sequence' });
    expect(port.read().split('\n').map(parseEventLine)).toContainEqual({ event: 'phase', phase: 'sequence' });
  });

  it('that is not there, or is no port, is passed over', async () => {
    const folder = await temporaryFolder();
    for (const path of [join(folder, 'none'), folder]) {
      using sink = serialSink(path);
      sink(EVENT);
    }
  });
});

describe('all sinks together', () => {
  it('get every event', async () => {
    const folder = await temporaryFolder();
    const screen: string[] = [];
    await writeFiles(folder, { port: '' });
    const logFile = join(folder, 'deep/smsts.log');
    using sinks = startSinks({ serialPort: join(folder, 'port'), logFile, write: (text) => screen.push(text) });
    sinks.emit({ event: 'phase', phase: 'verify' });
    expect(screen.join('')).toContain('Verifying');
    expect(readFileSync(logFile, 'utf8')).toContain('Phase: verify');
    expect(readFileSync(join(folder, 'port'), 'utf8')).toContain('"phase":"verify"');
  });

  it('do without one that fails', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'log/is/a/folder': '' });
    const screen: string[] = [];
    using sinks = startSinks({
      serialPort: join(folder, 'none'),
      logFile: join(folder, 'log/is'),
      write: (text) => screen.push(text),
    });
    sinks.emit({ event: 'phase', phase: 'verify' });
    expect(screen.join('')).toContain('Verifying');
  });
});
