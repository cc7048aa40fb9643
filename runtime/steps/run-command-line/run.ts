import type { Argv } from '../../host/exec.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';
import { imageNamed } from '../target.ts';

export const runRunCommandLine: Run<StepOptions<'run-command-line'>> = async (options, context) => {
  const { medium, platform, signal } = context;
  const folder = await context.temporaryFolder();
  if (options.package !== undefined) {
    const content = imageNamed(medium.manifest.packages, options.package, 'package');
    const file = await platform.mediumFile(medium, content.file, {
      signal,
      onProgress: context.progress(`Fetching ${content.name}`),
    });
    await platform.extractImage(file, content.index, folder, { signal });
  }
  const { exitCode } = await context.exec(options.command as unknown as Argv, {
    cwd: folder,
    successCodes: options.successCodes,
    secrets: context.variables.secrets(),
    signal,
    onLine: (line) => context.log('info', line),
    ...(options.timeoutSeconds !== undefined && { timeoutSeconds: options.timeoutSeconds }),
  });
  context.log('info', `exit code ${exitCode}`);
};
