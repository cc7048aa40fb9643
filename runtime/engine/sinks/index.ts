import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Emit } from '../../contract/events.ts';
import { cmtraceSink } from './cmtrace.ts';
import { screenSink } from './screen.ts';
import { serialSink } from './serial.ts';

export type SinkSetup = { serialPort: string; logFile: string; write: (text: string) => void };

/** Opens everything that follows a run: the serial port, the log, the screen. One that fails does not stop the others. */
export function startSinks({ serialPort, logFile, write }: SinkSetup): { emit: Emit } & Disposable {
  mkdirSync(dirname(logFile), { recursive: true });
  const serial = serialSink(serialPort);
  const sinks: Emit[] = [serial, cmtraceSink(logFile), screenSink(write)];
  return {
    emit: (event) => {
      for (const sink of sinks) sink(event);
    },
    [Symbol.dispose]: () => serial[Symbol.dispose](),
  };
}
