import { mkdir, rm } from 'node:fs/promises';
import type { ManifestImage } from '../../contract/manifest.ts';
import { casePath } from '../../platform/case-path.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { editAnswerFile } from '../answer-file.ts';
import type { Run, StepContext } from '../context.ts';
import { imageNamed, windowsVolume } from '../target.ts';

/** Where driver packages lie on the deployed volume, below its root. */
const DRIVERS_FOLDER = 'Drivers';

export const runApplyDriverPackage: Run<StepOptions<'apply-driver-package'>> = async (options, context) => {
  const content = imageNamed(context.medium.manifest.packages, options.package, 'package');
  if ((await copyAndAdd(content, context)) === 'installed') {
    context.log('info', `driver package ${content.name} added to the Windows on the volume`);
    return;
  }
  await editAnswerFile(context, (answers) =>
    answers.runOnce(
      `pnputil.exe /add-driver "%SystemDrive%\\${DRIVERS_FOLDER}\\${content.name}\\*.inf" /subdirs /install`,
      `Install driver package ${content.name}`,
    ),
  );
  context.log('info', `driver package ${content.name} staged; Windows installs it at its first start`);
};

async function copyAndAdd(content: ManifestImage, context: StepContext): Promise<'installed' | 'staged'> {
  const { medium, platform, signal } = context;
  const windows = windowsVolume(context);
  const file = await platform.mediumFile(medium, content.file, {
    signal,
    onProgress: context.progress(`Fetching ${content.name}`),
  });
  await using volume = await platform.mount(windows, 'write');
  const { path: folder } = await casePath(volume.path, `${DRIVERS_FOLDER}/${content.name}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await platform.extractImage(file, content.index, folder, {
    signal,
    onProgress: context.progress(`Copying ${content.name}`),
  });
  return platform.addDrivers(windows, folder, { signal, onProgress: context.progress(`Adding ${content.name}`) });
}
