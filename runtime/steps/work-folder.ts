import { posix, win32 } from 'node:path';
import { expandEnvironment } from './command.ts';
import { extractPackage } from './content.ts';
import type { StepContext } from './context.ts';
import { joinPath } from './join-path.ts';

export type WorkFolder = {
  /** Where the program is started. */
  folder: string;
  /** The step's temporary folder, with the package if there is one. */
  temporary: string;
};

/** The folder a step's program is started in: the copy of its package or an empty one, or what the step says instead. */
export async function workFolder(
  wish: { package?: string | undefined; workingDirectory?: string | undefined },
  context: StepContext,
): Promise<WorkFolder> {
  const { path: temporary } = await context.temporaryFolder();
  if (wish.package !== undefined) await extractPackage(context, wish.package, temporary);
  if (wish.workingDirectory === undefined) return { folder: temporary, temporary };
  const wanted = expandEnvironment(wish.workingDirectory, context);
  const { isAbsolute } = context.platform.name === 'linux' ? posix : win32;
  return { folder: isAbsolute(wanted) ? wanted : joinPath(temporary, wanted), temporary };
}
