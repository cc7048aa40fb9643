import { z } from 'zod';
import {
  commaList,
  domainFields,
  isTrue,
  membershipFromVariable,
  membershipProblems,
  patternOrVariable,
} from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

const Address = patternOrVariable(/^(\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)$/, 'an address: 192.0.2.10');
const Mask = patternOrVariable(/^\d{1,3}(\.\d{1,3}){3}$/, 'a subnet mask: 255.255.255.0');

/** One network adapter of the Windows that is set up. */
export const NetworkAdapterWish = z.strictObject({
  name: z.string().min(1).optional().describe('What Windows calls it, for reports'),
  macAddress: patternOrVariable(/^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$/, 'a MAC address: 00:11:22:AA:BB:CC')
    .optional()
    .describe('Which adapter it is; without it they are taken in the order of the inventory'),
  dhcp: z.boolean().default(true).describe('false: addresses, subnetMasks, gateways and dnsServers are fixed'),
  addresses: z.array(Address).default([]).describe('Its addresses'),
  subnetMasks: z.array(Mask).default([]).describe('One for each address'),
  gateways: z.array(Address).default([]).describe('Its default gateways, the first one first'),
  dnsServers: z.array(Address).default([]).describe('Its DNS servers, in the order in which they are asked'),
  dnsSuffix: z.string().min(1).optional().describe('The DNS suffix of this connection'),
  registerInDns: z
    .boolean()
    .optional()
    .describe("Whether the connection's addresses are registered in DNS; by default as Windows does it"),
  registerSuffixInDns: z
    .boolean()
    .optional()
    .describe("Whether they are registered under the connection's DNS suffix too; by default as Windows does it"),
  netbios: z.enum(['default', 'enabled', 'disabled']).default('default').describe('NetBIOS over TCP/IP'),
  winsServers: z.array(Address).default([]).describe('Its WINS servers'),
});
export type NetworkAdapterWish = z.infer<typeof NetworkAdapterWish>;

type Get = (name: string) => string | undefined;

export const applyNetworkSettings = defineStep(
  'apply-network-settings',
  {
    title: 'Apply Network Settings',
    summary: 'Writes into the answer file what Windows joins and how its network adapters are set.',
    runsOn: ['winpe', 'linux'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    workgroup: z
      .string()
      .min(1)
      .max(32)
      .optional()
      .describe('The workgroup to join. OSDNetworkJoinType 0 takes it away')
      .meta({ variable: 'OSDWorkgroupName' }),
    ...domainFields({ joinType: 'OSDNetworkJoinType', domain: 'OSDDomainName', organizationalUnit: 'OSDDomainOUName' }),
    dnsDomain: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The DNS domain of the computer')
      .meta({ variable: 'OSDDNSDomain' }),
    dnsSuffixSearchOrder: z
      .array(z.string().min(1))
      .optional()
      .describe('DNS suffixes that are tried in turn. OSDDNSSuffixSearchOrder, with commas, overrides it'),
    adapters: z
      .array(NetworkAdapterWish)
      .optional()
      .describe('Network adapters; those that are not named stay with DHCP. The OSDAdapter variables override it'),
  },
  {
    fromVariables: (get) => {
      const suffixes = get('OSDDNSSuffixSearchOrder');
      const adapters = adaptersFromVariables(get);
      return {
        ...membershipFromVariable(get('OSDNetworkJoinType')),
        ...(suffixes !== undefined && { dnsSuffixSearchOrder: commaList(suffixes) }),
        ...(adapters.length > 0 && { adapters }),
      };
    },
    problems: (options) => [
      ...membershipProblems(options),
      ...(options.adapters ?? []).flatMap((adapter, index) =>
        adapterProblems(adapter).map((problem) => `adapter ${adapter.name ?? index + 1}: ${problem}`),
      ),
    ],
  },
);

function adapterProblems({ dhcp, addresses, subnetMasks, dnsServers }: NetworkAdapterWish): string[] {
  if (dhcp) return addresses.length > 0 ? ['addresses need dhcp: false'] : [];
  const problems: string[] = [];
  if (addresses.length === 0) problems.push('dhcp: false needs addresses');
  if (addresses.filter((address) => !address.includes(':')).length !== subnetMasks.length)
    problems.push('each IPv4 address needs one of subnetMasks');
  if (dnsServers.length === 0) problems.push('dhcp: false needs dnsServers');
  return problems;
}

/** An array that makes no sense gives more than this; a count that is no number gives none. */
const MOST_ADAPTERS = 64;
const NETBIOS = ['default', 'enabled', 'disabled'] as const;

/** The `OSDAdapter` array. Its protocol and port filters are not read: no Windows of today has them. */
function adaptersFromVariables(get: Get): NetworkAdapterWish[] {
  const count = Math.min(Number.parseInt(get('OSDAdapterCount') ?? '0', 10) || 0, MOST_ADAPTERS);
  return Array.from({ length: count }, (_, index): NetworkAdapterWish => {
    const field = (name: string): string | undefined => get(`OSDAdapter${index}${name}`) || undefined;
    const list = (name: string): string[] => commaList(field(name) ?? '');
    const [name, macAddress, dnsSuffix] = [
      field('Name'),
      field('MacAddress'),
      field('DNSSuffix') ?? field('DNSDomain'),
    ];
    const [registerInDns, registerSuffixInDns] = [field('EnableDNSRegistration'), field('EnableFullDNSRegistration')];
    return {
      ...(name !== undefined && { name }),
      ...(macAddress !== undefined && { macAddress }),
      dhcp: isTrue(field('EnableDHCP') ?? 'true'),
      addresses: list('IPAddressList'),
      subnetMasks: list('SubnetMask'),
      gateways: list('Gateways'),
      dnsServers: list('DNSServerList'),
      ...(dnsSuffix !== undefined && { dnsSuffix }),
      ...(registerInDns !== undefined && { registerInDns: isTrue(registerInDns) }),
      ...(registerSuffixInDns !== undefined && { registerSuffixInDns: isTrue(registerSuffixInDns) }),
      netbios: NETBIOS[Number(field('TcpipNetbiosOptions') ?? 0)] ?? 'default',
      winsServers: field('EnableWINS') === undefined || isTrue(field('EnableWINS')) ? list('WINSServerList') : [],
    };
  });
}
