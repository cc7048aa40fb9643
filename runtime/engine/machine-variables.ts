import { dirname } from 'node:path';
import type { Machine } from '../contract/machine.ts';
import { environmentOf, type PlatformName } from '../contract/step.ts';
import type { Medium } from '../platform/platform.ts';
import type { Sequence } from '../sequence/schema.ts';
import { inventoryVariables } from '../steps/set-dynamic-variables/inventory-variables.ts';

/** Where this start of the run keeps things; absent in a simulation. `dataFolder`: the folder of its state, where it has a path. */
export type Here = { logFile?: string | undefined; dataFolder?: string | undefined };

/**
 * ConfigMgr's read-only variables that are known when it starts, and at each later start of the same run (Microsoft: "Task
 * sequence variables"), each once. An empty value takes away what an earlier start has set. Those that only a server gives
 * are not among them, nor those that say how content was downloaded.
 */
export function machineVariables(
  machine: Machine,
  sequence: Sequence,
  medium: Medium,
  platform: PlatformName,
  { logFile, dataFolder = '' }: Here = {},
): [name: string, value: string][] {
  return [
    ...inventoryVariables(machine),
    ['_SMSTSMachineName', machine.operatingSystem?.computerName ?? ''],
    ['_SMSTSType', '2'],
    ['_SMSTSBootUEFI', String(machine.firmware === 'uefi')],
    ['_TSSecureBoot', machine.firmware === 'bios' ? 'NA' : machine.secureBoot ? 'Enabled' : 'Disabled'],
    ['_SMSTSInWinPE', String(environmentOf(platform) === 'winpe')],
    ['_SMSTSMediaType', mediaType(medium)],
    ['_SMSTSBootImageID', medium.manifest.bootImage ?? ''],
    ['_SMSTSStandAloneMode', 'true'],
    ['_SMSTSWTG', 'false'],
    ['_SMSTSOrgName', medium.manifest.name],
    ['_SMSTSLogPath', logFile === undefined ? '' : dirname(logFile)],
    ['_SMSTSMDataPath', dataFolder],
    ['_SMSTSLaunchMode', medium.launchMode],
    ['_SMSTSPackageID', sequence.id],
    ['_SMSTSPackageName', sequence.name],
  ];
}

/** A stand-alone medium is one that has all content with it. */
function mediaType({ prestaged, launchMode, startedFrom }: Medium): string {
  if (prestaged === true) return 'OEMMedia';
  if (launchMode === 'PXE') return 'PXE';
  return startedFrom === undefined ? 'FullMedia' : 'BootMedia';
}
