import { win32 } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run, StepContext } from '../context.ts';
import { skipRearmXml, sysprepArgv } from './sysprep.ts';

const STATE_KEY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State';
/** What an image is after Sysprep (Microsoft: "Windows Setup States"). */
const GENERALIZED = 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE';

export const runPrepareWindowsForCapture: Run<StepOptions<'prepare-windows-for-capture'>> = async (
  options,
  context,
) => {
  const { operatingSystem } = context.machine;
  if (operatingSystem === undefined) throw new Error('no Windows runs here');
  const { windowsFolder, architecture, domain } = operatingSystem;
  if (domain !== '') {
    throw new MediasmithError('STEP_FAILED', `Windows is a member of the domain ${domain}`, {
      hint: 'Sysprep takes a computer out of its domain: let it join a workgroup before. Nothing was changed.',
    });
  }
  const folder = await context.temporaryFolder();
  const answers = options.keepActivation ? await folder.write('sysprep.xml', skipRearmXml(architecture)) : undefined;
  await context.run(sysprepArgv(windowsFolder, answers));
  await checkGeneralized(windowsFolder, context);
  context.variables.set('OSDTargetSystemRoot', windowsFolder);
  // Somebody moves the medium or the disk meanwhile; the capture follows when the machine is switched on.
  if (options.shutDown) context.requestRestart('winpe', 'shutdown');
};

/** Sysprep may end with 0 and not have done it. */
async function checkGeneralized(windowsFolder: string, { platform }: StepContext): Promise<void> {
  const value = await platform.facts.registryValue(STATE_KEY, 'ImageState');
  if (value === undefined || value.data === GENERALIZED) return;
  throw new MediasmithError('STEP_FAILED', `Sysprep has ended, but Windows is in the state ${String(value.data)}`, {
    hint: `The reason is in ${win32.join(windowsFolder, 'System32', 'Sysprep', 'Panther', 'setuperr.log')}.`,
  });
}
