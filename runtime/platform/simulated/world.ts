import type { RecordedMachine } from '../../contract/recorded-machine.ts';
import type { Exec } from '../../host/exec.ts';
import type { Recorder } from './recorder.ts';
import type { SimulatedVolumes } from './volumes.ts';

/** What outlives a simulated restart. */
export type SimulatedWorld = {
  recorded: RecordedMachine;
  recorder: Recorder;
  exec: Exec;
  volumes: SimulatedVolumes;
  /** The names in the root of a content package of the medium, by its index in `content.wim`. */
  filesOfPackage: (index: number) => readonly string[];
  /** The sequence has set a Windows up, or has upgraded the one that was there. */
  deployed: boolean;
  /** A Windows has put the Linux boot environment onto its disk: it lies there, or that disk was laid out anew since. */
  staged: 'there' | 'erased' | undefined;
};
