import type { ManifestImage } from '../../contract/manifest.ts';
import { parseArguments } from '../../host/command-line.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { editAnswerFile } from '../answer-file.ts';
import { extractPackage, packageNamed } from '../content.ts';
import type { Run, StepContext } from '../context.ts';
import { windowsVolume } from '../target.ts';

type Options = StepOptions<'apply-driver-package'>;

/** Where driver packages lie on the deployed volume, below its root. */
const DRIVERS_FOLDER = 'Drivers';

export const runApplyDriverPackage: Run<Options> = async (options, context) => {
  const content = packageNamed(context, options.package);
  if ((await copyAndAdd(content, options, context)) === 'installed') {
    context.log('info', `driver package ${content.name} added to the Windows on the volume`);
    return;
  }
  await editAnswerFile(context, (answers) =>
    answers.runOnce(pnputilLine(content.name, options), `Install driver package ${content.name}`),
  );
  context.log('info', `driver package ${content.name} staged; Windows installs it at its first start`);
  if (options.forceUnsigned || options.additionalOptions !== undefined)
    context.log('warning', "forceUnsigned and additionalOptions are DISM's: Windows itself takes signed drivers only");
};

/** The command line that has Windows install a package from its own volume. Pure. */
export function pnputilLine(name: string, { recurse }: Pick<Options, 'recurse'>): string {
  const infs = `"%SystemDrive%\\${DRIVERS_FOLDER}\\${name}\\*.inf"`;
  return `pnputil.exe /add-driver ${infs}${recurse ? ' /subdirs' : ''} /install`;
}

async function copyAndAdd(
  content: ManifestImage,
  { recurse, forceUnsigned, additionalOptions }: Options,
  context: StepContext,
): Promise<'installed' | 'staged'> {
  const { platform, signal } = context;
  const windows = windowsVolume(context);
  await using volume = await platform.mount(windows, 'write');
  const path = `${DRIVERS_FOLDER}/${content.name}`;
  await volume.files.remove(path);
  const folder = await volume.files.makeFolder(path);
  await extractPackage(context, content.name, folder);
  return platform.addDrivers(windows, folder, {
    signal,
    onProgress: context.progress(`Adding ${content.name}`),
    recurse,
    forceUnsigned,
    additionalOptions: parseArguments(additionalOptions ?? ''),
  });
}
