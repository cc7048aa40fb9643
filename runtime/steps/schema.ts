import { applyDriverPackage } from './apply-driver-package/schema.ts';
import { applyOperatingSystem } from './apply-operating-system/schema.ts';
import { applyWindowsSettings } from './apply-windows-settings/schema.ts';
import { checkReadiness } from './check-readiness/schema.ts';
import { formatAndPartitionDisk } from './format-and-partition-disk/schema.ts';
import { restartComputer } from './restart-computer/schema.ts';
import { runCommandLine } from './run-command-line/schema.ts';
import { setVariable } from './set-variable/schema.ts';

/** Every step there is. A new one is a folder, a line here and a line in `index.ts` beside this file. */
export const STEP_DEFINITIONS = [
  checkReadiness,
  formatAndPartitionDisk,
  applyOperatingSystem,
  applyWindowsSettings,
  applyDriverPackage,
  setVariable,
  runCommandLine,
  restartComputer,
] as const;

export type StepType = (typeof STEP_DEFINITIONS)[number]['type'];
