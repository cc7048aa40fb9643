import type { StepOptions } from '../sequence/schema.ts';
import { runApplyDriverPackage } from './apply-driver-package/run.ts';
import { runApplyOperatingSystem } from './apply-operating-system/run.ts';
import { runApplyWindowsSettings } from './apply-windows-settings/run.ts';
import { runCheckReadiness } from './check-readiness/run.ts';
import type { Run } from './context.ts';
import { runFormatAndPartitionDisk } from './format-and-partition-disk/run.ts';
import { runRestartComputer } from './restart-computer/run.ts';
import { runRunCommandLine } from './run-command-line/run.ts';
import type { StepType } from './schema.ts';
import { runSetVariable } from './set-variable/run.ts';

/** The deed of every step. One that is missing here does not compile. */
export const runners = {
  'check-readiness': runCheckReadiness,
  'format-and-partition-disk': runFormatAndPartitionDisk,
  'apply-operating-system': runApplyOperatingSystem,
  'apply-windows-settings': runApplyWindowsSettings,
  'apply-driver-package': runApplyDriverPackage,
  'set-variable': runSetVariable,
  'run-command-line': runRunCommandLine,
  'restart-computer': runRestartComputer,
} satisfies { [Type in StepType]: Run<StepOptions<Type>> };
