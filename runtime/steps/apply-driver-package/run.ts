import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { casePath } from '../../platform/case-path.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { editAnswerFile } from '../answer-file.ts';
import type { Run } from '../context.ts';
import { imageNamed, windowsVolume } from '../target.ts';

/** Where driver packages lie on the deployed volume, below its root. */
const DRIVERS_FOLDER = 'Drivers';

export const runApplyDriverPackage: Run<StepOptions<'apply-driver-package'>> = async (options, context) => {
  const { medium, platform, signal } = context;
  const content = imageNamed(medium.manifest.packages, options.package, 'package');
  {
    await using volume = await platform.mount(windowsVolume(context), 'write');
    const { path: folder } = await casePath(volume.path, `${DRIVERS_FOLDER}/${content.name}`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await platform.extractImage(join(medium.root, content.file), content.index, folder, {
      signal,
      onProgress: context.progress(`Copying ${content.name}`),
    });
  }
  await editAnswerFile(context, (answers) =>
    answers.runOnce(
      `pnputil.exe /add-driver "%SystemDrive%\\${DRIVERS_FOLDER}\\${content.name}\\*.inf" /subdirs /install`,
      `Install driver package ${content.name}`,
    ),
  );
  context.log('info', `driver package ${content.name} staged; Windows installs it at its first start`);
};
