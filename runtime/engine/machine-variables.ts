import type { Machine } from '../contract/machine.ts';
import type { Medium } from '../platform/platform.ts';
import type { Sequence } from '../sequence/schema.ts';

/** ConfigMgr's read-only variables that are known when a sequence starts (Microsoft: "Task sequence variables"). */
export function machineVariables(
  machine: Machine,
  sequence: Sequence,
  medium: Medium,
): [name: string, value: string][] {
  return [
    ['_SMSTSMake', machine.make],
    ['_SMSTSModel', machine.model],
    ['_SMSTSSerialNumber', machine.serial],
    ['_SMSTSUUID', machine.uuid],
    ['_SMSTSAssetTag', machine.assetTag],
    ['_SMSTSMacAddresses', machine.macAddresses.join(',')],
    ['_SMSTSBootUEFI', String(machine.firmware === 'uefi')],
    ['_TSSecureBoot', machine.firmware === 'bios' ? 'NA' : machine.secureBoot ? 'Enabled' : 'Disabled'],
    ['_SMSTSInWinPE', 'true'],
    ['_SMSTSMediaType', 'FullMedia'],
    ['_SMSTSLaunchMode', medium.launchMode],
    ['_SMSTSPackageID', sequence.id],
    ['_SMSTSPackageName', sequence.name],
  ];
}
