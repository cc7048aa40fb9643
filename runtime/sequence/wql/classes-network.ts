import type { Machine, NetworkAdapter } from '../../contract/machine.ts';
import { CIMV2, defineClass, known } from './class.ts';

type Adapter = { index: number; mac: string; known: NetworkAdapter | undefined };

/** Where the inventory has no more than MAC addresses, each is an adapter of which nothing else is known. */
function adapters({ networkAdapters, macAddresses }: Machine): Adapter[] {
  if (networkAdapters.length === 0) return macAddresses.map((mac, index) => ({ index, mac, known: undefined }));
  return networkAdapters.map((adapter, index) => ({ index, mac: adapter.mac, known: adapter }));
}

/** NULL where a list is empty, as in WMI. */
function list(values: readonly string[] | undefined): readonly string[] | null | undefined {
  return values?.length === 0 ? null : values;
}

function description({ known: adapter }: Adapter): string | undefined {
  return adapter && known(adapter.description);
}

export const NETWORK_ADAPTER = defineClass({
  name: 'Win32_NetworkAdapter',
  namespace: CIMV2,
  note: 'Physical adapters only, numbered in the order of the inventory.',
  items: adapters,
  properties: {
    Name: ['string', description],
    Description: ['string', description],
    ProductName: ['string', description],
    NetConnectionID: ['string', (adapter) => adapter.known?.name],
    MACAddress: ['string', ({ mac }) => mac.toUpperCase()],
    NetConnectionStatus: ['uint16', (adapter) => adapter.known && (adapter.known.connected ? 2 : 7)],
    NetEnabled: ['boolean', (adapter) => adapter.known?.connected],
    PhysicalAdapter: ['boolean', () => true],
    AdapterType: ['string', () => 'Ethernet 802.3'],
    AdapterTypeID: ['uint16', () => 0],
    Index: ['uint32', ({ index }) => index],
    DeviceID: ['string', ({ index }) => String(index)],
  },
});

export const NETWORK_ADAPTER_CONFIGURATION = defineClass({
  name: 'Win32_NetworkAdapterConfiguration',
  namespace: CIMV2,
  note: 'Addresses, gateways and DNS servers are arrays, which WQL cannot compare: ask the variables _SMSTSIPAddresses and _SMSTSDefaultGateways.',
  items: adapters,
  properties: {
    Description: ['string', description],
    MACAddress: ['string', ({ mac }) => mac.toUpperCase()],
    IPEnabled: ['boolean', (adapter) => adapter.known && adapter.known.addresses.length > 0],
    DHCPEnabled: ['boolean', (adapter) => adapter.known?.dhcp],
    IPAddress: ['string[]', (adapter) => list(adapter.known?.addresses)],
    IPSubnet: ['string[]', (adapter) => list(adapter.known?.subnetMasks)],
    DefaultIPGateway: ['string[]', (adapter) => list(adapter.known?.gateways)],
    DNSServerSearchOrder: ['string[]', (adapter) => list(adapter.known?.dnsServers)],
    Index: ['uint32', ({ index }) => index],
  },
});
