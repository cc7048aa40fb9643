import type { AnswerFile } from '../answer-file/document.ts';
import { type AnswerNode, listItems, node } from '../answer-file/nodes.ts';
import type { NetworkAdapterWish } from './schema.ts';

const TCPIP = 'Microsoft-Windows-TCPIP';
const DNS = 'Microsoft-Windows-DNS-Client';
const NETBT = 'Microsoft-Windows-NetBT';
const NETBIOS = { default: '0', enabled: '1', disabled: '2' } as const;
const ADD = { action: 'add' } as const;
/** The same for every gateway: Windows takes them in their order. */
const ROUTE_METRIC = '10';

export type AdapterToSet = Omit<NetworkAdapterWish, 'macAddress'> & { macAddress: string };

export type DnsWish = { dnsDomain?: string | undefined; dnsSuffixSearchOrder?: readonly string[] | undefined };

/** Settings of each adapter, in place of what another step has said. Elements are in the order that Windows asks for. */
export function writeAdapters(answers: AnswerFile, adapters: readonly AdapterToSet[]): void {
  const items = (make: (adapter: AdapterToSet) => readonly AnswerNode[]): AnswerNode[] =>
    adapters.flatMap((adapter) => {
      const content = make(adapter);
      return content.length === 0 ? [] : [node('Interface', content, ADD)];
    });
  for (const [component, interfaces] of [
    [TCPIP, items(tcpip)],
    [DNS, items(dns)],
    [NETBT, items(netbt)],
  ] as const) {
    if (interfaces.length > 0) answers.replace('specialize', component, 'Interfaces', interfaces);
    else answers.remove('specialize', component, 'Interfaces');
  }
}

export function writeDns(answers: AnswerFile, { dnsDomain, dnsSuffixSearchOrder }: DnsWish): void {
  answers.set('specialize', DNS, 'DNSDomain', dnsDomain);
  if (dnsSuffixSearchOrder === undefined) return;
  answers.replace('specialize', DNS, 'DNSSuffixSearchOrder', listItems('DomainName', dnsSuffixSearchOrder));
}

/** An adapter is named by its MAC address with hyphens. */
function identifier({ macAddress }: Pick<AdapterToSet, 'macAddress'>): AnswerNode {
  return node('Identifier', macAddress.toUpperCase().replaceAll(':', '-'));
}

function tcpip(adapter: AdapterToSet): AnswerNode[] {
  const { dhcp, addresses, subnetMasks, gateways } = adapter;
  const masks = [...subnetMasks];
  const unicast = addresses.map((address) => `${address}/${isV6(address) ? V6_BITS : maskBits(masks.shift() ?? '')}`);
  const routes = gateways.map((gateway, index) =>
    node(
      'Route',
      [
        node('Identifier', String(index)),
        node('Metric', ROUTE_METRIC),
        node('NextHopAddress', gateway),
        node('Prefix', isV6(gateway) ? '::/0' : '0.0.0.0/0'),
      ],
      ADD,
    ),
  );
  return [
    node('Ipv4Settings', [node('DhcpEnabled', String(dhcp))]),
    ...(addresses.some(isV6) ? [node('Ipv6Settings', [node('DhcpEnabled', 'false')])] : []),
    identifier(adapter),
    ...(unicast.length > 0 ? [node('UnicastIpAddresses', listItems('IpAddress', unicast))] : []),
    ...(routes.length > 0 ? [node('Routes', routes)] : []),
  ];
}

function dns(adapter: AdapterToSet): AnswerNode[] {
  const { dnsServers, dnsSuffix, registerInDns, registerSuffixInDns } = adapter;
  const settings = [
    ...(dnsSuffix === undefined ? [] : [node('DNSDomain', dnsSuffix)]),
    ...(dnsServers.length === 0 ? [] : [node('DNSServerSearchOrder', listItems('IpAddress', dnsServers))]),
    ...(registerSuffixInDns === undefined
      ? []
      : [node('EnableAdapterDomainNameRegistration', String(registerSuffixInDns))]),
  ];
  if (settings.length === 0 && registerInDns === undefined) return [];
  // An interface that does not say it is not registered at all (Microsoft: "DisableDynamicUpdate").
  return [identifier(adapter), ...settings, node('DisableDynamicUpdate', String(registerInDns === false))];
}

function netbt(adapter: AdapterToSet): AnswerNode[] {
  const { netbios, winsServers } = adapter;
  if (netbios === 'default' && winsServers.length === 0) return [];
  return [
    ...(winsServers.length === 0 ? [] : [node('NameServerList', listItems('IpAddress', winsServers))]),
    node('NetbiosOptions', NETBIOS[netbios]),
    identifier(adapter),
  ];
}

/** The usual prefix of one IPv6 network: the option has masks for IPv4 alone. */
const V6_BITS = 64;
const isV6 = (address: string): boolean => address.includes(':');

/** 255.255.255.0 is 24. Undefined for what is no mask. Pure. */
export function maskBits(mask: string): number | undefined {
  const bits = mask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^(?=.{32}$)1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}
