import type { Machine } from '../../contract/machine.ts';

/** ConfigMgr's names for what the machine is; lists are parted by commas (Microsoft: "Task sequence variables"). */
export function inventoryVariables(machine: Machine): [name: string, value: string][] {
  return [
    ['_SMSTSMake', machine.make],
    ['_SMSTSModel', machine.model],
    ['_SMSTSSerialNumber', machine.serial],
    ['_SMSTSUUID', machine.uuid],
    ['_SMSTSAssetTag', machine.assetTag],
    ['_SMSTSMacAddresses', machine.macAddresses.join(',')],
    ['_SMSTSIPAddresses', machine.networkAdapters.flatMap(({ addresses }) => addresses).join(',')],
    ['_SMSTSDefaultGateways', machine.networkAdapters.flatMap(({ gateways }) => gateways).join(',')],
  ];
}
