import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Emit, RunEvent } from '../../contract/events.ts';
import { cmtraceSink } from './cmtrace.ts';
import { screenSink } from './screen.ts';
import { serialSink } from './serial.ts';

export type SinkSetup = { serialPort: string | undefined; logFile: string; write: (text: string) => void };

/** Opens everything that follows a run: the serial port, the log, the screen. One that fails does not stop the others. */
export function startSinks({ serialPort, logFile, write }: SinkSetup): { emit: Emit } & Disposable {
  mkdirSync(dirname(logFile), { recursive: true });
  const serial = serialPort === undefined ? undefined : serialSink(serialPort);
  const sinks: Emit[] = [cmtraceSink(logFile), screenSink(write)];
  if (serial !== undefined) sinks.unshift(serial);
  return {
    emit: (event) => {
      for (const sink of sinks) tryToEmit(sink, event);
    },
    [Symbol.dispose]: () => serial?.[Symbol.dispose](),
  };
}

/** A log that is full or a console that is gone must not end a deployment. */
function tryToEmit(sink: Emit, event: RunEvent): void {
  try {
    sink(event);
  } catch {
    // There is nowhere to say it: the sinks are what says things.
  }
}
