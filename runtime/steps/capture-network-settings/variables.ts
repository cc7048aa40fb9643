import type { NetworkAdapter, OperatingSystem } from '../../contract/machine.ts';

type Variable = [name: string, value: string];

/** What Windows is a member of, as Apply Network Settings takes it. Pure. */
export function membershipVariables({ domain, workgroup }: OperatingSystem): Variable[] {
  if (domain !== '') {
    return [
      ['OSDNetworkJoinType', '0'],
      ['OSDDomainName', domain],
    ];
  }
  return workgroup === ''
    ? []
    : [
        ['OSDNetworkJoinType', '1'],
        ['OSDWorkgroupName', workgroup],
      ];
}

/**
 * The `OSDAdapter` array. Of an adapter with DHCP only that it has DHCP: everything else it has came by it. `leftOut`:
 * adapters whose fixed settings no step could apply. Pure.
 */
export function adapterVariables(adapters: readonly NetworkAdapter[]): { variables: Variable[]; leftOut: string[] } {
  const usable = adapters.filter((adapter) => adapter.dhcp || isComplete(adapter));
  const leftOut = adapters.filter((adapter) => !usable.includes(adapter)).map(({ name }) => name);
  const variables = usable.flatMap((adapter, index) =>
    fieldsOf(adapter).map(([field, value]): Variable => [`OSDAdapter${index}${field}`, value]),
  );
  return { variables: [['OSDAdapterCount', String(usable.length)], ...variables], leftOut };
}

function isComplete(adapter: NetworkAdapter): boolean {
  return pairsOf(adapter).length > 0 && adapter.dnsServers.length > 0;
}

/** Link-local and other IPv6 addresses are made anew: masks are for IPv4 alone. */
function pairsOf({ addresses, subnetMasks }: NetworkAdapter): { address: string; mask: string }[] {
  return addresses.flatMap((address, index) => {
    const mask = subnetMasks[index];
    return address.includes(':') || mask === undefined || !mask.includes('.') ? [] : [{ address, mask }];
  });
}

function fieldsOf(adapter: NetworkAdapter): Variable[] {
  const common: Variable[] = [
    ['Name', adapter.name],
    ['MacAddress', adapter.mac],
    ['EnableDHCP', String(adapter.dhcp)],
  ];
  if (adapter.dhcp) return common;
  const pairs = pairsOf(adapter);
  const gateways = adapter.gateways.filter((gateway) => !gateway.includes(':'));
  return [
    ...common,
    ['IPAddressList', pairs.map(({ address }) => address).join(',')],
    ['SubnetMask', pairs.map(({ mask }) => mask).join(',')],
    ...(gateways.length > 0 ? [['Gateways', gateways.join(',')] as Variable] : []),
    ['DNSServerList', adapter.dnsServers.join(',')],
  ];
}
