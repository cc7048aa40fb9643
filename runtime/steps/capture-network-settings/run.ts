import type { RegistryValue } from '../../contract/facts.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';
import { adapterVariables, membershipVariables } from './variables.ts';

const PARAMETERS = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';

export const runCaptureNetworkSettings: Run<StepOptions<'capture-network-settings'>> = async (options, context) => {
  const { networkAdapters, operatingSystem } = context.machine;
  const set = (values: readonly (readonly [name: string, value: string])[]): void => {
    for (const [name, value] of values) {
      context.variables.set(name, value);
      context.log('info', `${name}=${value}`);
    }
  };
  if (options.networkMembership && operatingSystem !== undefined) set(membershipVariables(operatingSystem));
  if (!options.adapterSettings) return;
  const { variables, leftOut } = adapterVariables(networkAdapters);
  set(variables);
  for (const name of leftOut)
    context.log('warning', `adapter ${name} has fixed settings without an IPv4 address or a DNS server: left out`);
  const domain = textOf(await context.platform.facts.registryValue(PARAMETERS, 'NV Domain'));
  const search = textOf(await context.platform.facts.registryValue(PARAMETERS, 'SearchList'));
  set([...named('OSDDNSDomain', domain), ...named('OSDDNSSuffixSearchOrder', search)]);
};

function textOf(value: RegistryValue | undefined): string {
  return typeof value?.data === 'string' ? value.data : '';
}

const named = (name: string, value: string): [string, string][] => (value === '' ? [] : [[name, value]]);
