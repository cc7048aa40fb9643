import type { Argv } from '../../host/exec.ts';

export type OfflineWish = {
  /** The root of the volume Windows is on. */
  image: string;
  update: string;
  /** On the volume itself: WinPE's own drive is in memory. */
  scratchFolder: string;
  logFile: string;
};

/** DISM takes .msu and .cab files for a Windows that does not run. */
export function offlineArgv(dism: string, { image, update, scratchFolder, logFile }: OfflineWish): Argv {
  return [
    dism,
    '/English',
    `/Image:${image}`,
    '/Add-Package',
    `/PackagePath:${update}`,
    `/ScratchDir:${scratchFolder}`,
    `/LogPath:${logFile}`,
  ];
}

/** A .cab for the running Windows. */
export function onlineArgv(dism: string, { update, logFile }: Pick<OfflineWish, 'update' | 'logFile'>): Argv {
  return [dism, '/English', '/Online', '/Add-Package', `/PackagePath:${update}`, '/NoRestart', `/LogPath:${logFile}`];
}

/** An .msu for the running Windows (Microsoft: "Windows Update Standalone Installer"). */
export function wusaArgv(wusa: string, update: string): Argv {
  return [wusa, update, '/quiet', '/norestart'];
}
