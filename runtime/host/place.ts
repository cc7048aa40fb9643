import { existsSync, readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';

/** Where the runtime stands before it knows anything else: what to write to, and since when the machine runs. */
export type Place = {
  platform: 'linux' | 'winpe' | 'windows';
  /** The port events go to as lines; undefined where a port may have another user. */
  serialPort: string | undefined;
  /** In memory until the deployed disk can hold it; named as people look for it. */
  logFile: string;
  uptimeSeconds(): number;
};

/** The system root of WinPE. A variable of our own comes first, because Wine sets SystemRoot anew for every process. */
export function windowsRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.MEDIASMITH_SYSTEM_ROOT || environment.SystemRoot || 'X:\\Windows';
}

/** The place of the system that runs us. */
export function placeOf(system: NodeJS.Platform): Place {
  if (system === 'win32') {
    return {
      platform: isWinpeAt(windowsRoot()) ? 'winpe' : 'windows',
      serialPort: undefined,
      // Where ConfigMgr keeps it in WinPE (Microsoft: "About log files"); in the installed Windows the same place.
      logFile: join(windowsRoot(), 'Temp', 'SMSTSLog', 'smsts.log'),
      uptimeSeconds: uptime,
    };
  }
  return {
    platform: 'linux',
    serialPort: '/dev/ttyS0',
    logFile: '/run/mediasmith/smsts.log',
    // To the hundredth, where Node's own figure has whole seconds only.
    uptimeSeconds: () => Number.parseFloat(readFileSync('/proc/uptime', 'utf8')),
  };
}

/**
 * By a program that WinPE alone has, because this must be known before Windows can be called. Only the first line of the
 * log rests on it: what decides is the registry.
 */
function isWinpeAt(systemRoot: string): boolean {
  return existsSync(join(systemRoot, 'System32', 'wpeutil.exe'));
}
