import type { Argv, Exec } from '../../host/exec.ts';

/** Lets a file system that is not mounted take all of its partition; nothing where it has it. */
export async function growNtfs(exec: Exec, device: string): Promise<void> {
  await exec(growArgv(device));
  await exec(['ntfsfix', '--clear-dirty', device]);
}

/** Pure: lets the file system take all of its partition. What Windows would check at its next start has been checked. */
export function growArgv(device: string): Argv {
  return ['ntfsresize', '--force', '--no-progress-bar', device];
}
