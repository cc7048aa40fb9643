import { clearFolder, surveyFolder } from '../clear-folder.ts';
import type { TargetVolume, Task, VolumeContent } from '../platform.ts';
import type { WinpeHost } from './host.ts';
import { letterOf } from './volumes.ts';

/**
 * Windows' own files belong to TrustedInstaller, and folders of users may shut out everybody else. Who backs up and
 * restores may read, overwrite and delete them all the same (Microsoft: "Privilege Constants"), where a program opens
 * them as a backup does, which Node does for folders and for what it deletes.
 */
const PRIVILEGES = ['SeBackupPrivilege', 'SeRestorePrivilege', 'SeSecurityPrivilege', 'SeTakeOwnershipPrivilege'];

export async function surveyVolume(
  host: WinpeHost,
  volume: TargetVolume,
  keep: readonly string[],
): Promise<VolumeContent> {
  askForPrivileges(host);
  return surveyFolder(host.drive(letterOf(volume)), keep);
}

export async function clearVolume(
  host: WinpeHost,
  volume: TargetVolume,
  keep: readonly string[],
  { signal }: Task,
): Promise<void> {
  askForPrivileges(host);
  const openFolder = async (path: string): Promise<void> => {
    if (!host.win32.removeReparsePoint(path)) throw new Error(`${path} is no folder`);
  };
  await clearFolder(host.drive(letterOf(volume)), keep, { signal, openFolder });
}

function askForPrivileges({ win32, log }: WinpeHost): void {
  for (const name of PRIVILEGES)
    if (!win32.enablePrivilege(name)) log('warning', `this process gets no ${name}: some files may not be removed`);
}
