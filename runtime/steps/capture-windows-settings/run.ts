import type { StepOptions } from '../../sequence/schema.ts';
import type { Run, StepContext } from '../context.ts';
import { LIVE, type Places, registryText, withInstalledRegistry } from './registry.ts';

type Options = StepOptions<'capture-windows-settings'>;

/** In the boot environment from the registry of the Windows on the disk, which is loaded for as long as it is read. */
export const runCaptureWindowsSettings: Run<Options> = async (options, context) => {
  if (context.platform.name === 'windows') await capture(options, LIVE, context);
  else await withInstalledRegistry(context, (places) => capture(options, places, context));
};

async function capture(options: Options, { software, system }: Places, context: StepContext): Promise<void> {
  const { machine, variables } = context;
  const read = (key: string, name: string): Promise<string> => registryText(context, key, name);
  const keep = (name: string, value: string): void => {
    if (value === '') context.log('warning', `${name}: Windows does not say, so it stays as it was`);
    else variables.set(name, value);
    if (value !== '') context.log('info', `${name}=${value}`);
  };
  const currentVersion = `${software}\\Microsoft\\Windows NT\\CurrentVersion`;
  if (options.computerName) {
    const name = machine.operatingSystem?.computerName;
    keep('OSDComputerName', name || (await read(`${system}\\Control\\ComputerName\\ComputerName`, 'ComputerName')));
  }
  if (options.registrationInfo) {
    keep('OSDRegisteredUserName', await read(currentVersion, 'RegisteredOwner'));
    keep('OSDRegisteredOrgName', await read(currentVersion, 'RegisteredOrganization'));
  }
  if (options.timeZone) keep('OSDTimeZone', await read(`${system}\\Control\\TimeZoneInformation`, 'TimeZoneKeyName'));
}
