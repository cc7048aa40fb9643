import type { StepOptions } from '../../sequence/schema.ts';
import type { Run, StepContext } from '../context.ts';
import { withHiveFiles } from './hive-files.ts';
import { liveRegistry, type ReadText, withLoadedHives } from './registry.ts';

type Options = StepOptions<'capture-windows-settings'>;

/** In a boot environment from the registry of the Windows on the disk. */
export const runCaptureWindowsSettings: Run<Options> = async (options, context) => {
  const { name } = context.platform;
  if (name === 'windows') await capture(options, liveRegistry(context), context);
  else if (name === 'winpe') await withLoadedHives(context, (read) => capture(options, read, context));
  else await withHiveFiles(context, (read) => capture(options, read, context));
};

const CURRENT_VERSION = 'Microsoft\\Windows NT\\CurrentVersion';

async function capture(options: Options, read: ReadText, context: StepContext): Promise<void> {
  const { machine, variables } = context;
  const keep = (name: string, value: string): void => {
    if (value === '') context.log('warning', `${name}: Windows does not say, so it stays as it was`);
    else variables.set(name, value);
    if (value !== '') context.log('info', `${name}=${value}`);
  };
  if (options.computerName) {
    const name = machine.operatingSystem?.computerName;
    keep('OSDComputerName', name || (await read('SYSTEM', 'Control\\ComputerName\\ComputerName', 'ComputerName')));
  }
  if (options.registrationInfo) {
    keep('OSDRegisteredUserName', await read('SOFTWARE', CURRENT_VERSION, 'RegisteredOwner'));
    keep('OSDRegisteredOrgName', await read('SOFTWARE', CURRENT_VERSION, 'RegisteredOrganization'));
  }
  if (options.timeZone) keep('OSDTimeZone', await read('SYSTEM', 'Control\\TimeZoneInformation', 'TimeZoneKeyName'));
}
