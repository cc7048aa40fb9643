import { RESUME_PROGRAM } from '../../platform/setup-complete.ts';
import { STATE_FOLDER } from '../../platform/state-folder.ts';

/** Below the root of the drive of Windows, which an upgrade leaves alone. */
export const UPGRADE_FOLDER = `${STATE_FOLDER}/upgrade`;

export type Hook = {
  /** The script's name, which Setup prescribes. */
  script: 'setupcomplete.cmd' | 'setuprollback.cmd';
  /** The file that says that it has run. */
  mark: string;
  /** Where the sequence's own script of this kind lies. */
  own: string;
};

export const HOOKS = {
  postOobe: {
    script: 'setupcomplete.cmd',
    mark: `${UPGRADE_FOLDER}/upgraded`,
    own: `${UPGRADE_FOLDER}/postoobe`,
  },
  postRollback: {
    script: 'setuprollback.cmd',
    mark: `${UPGRADE_FOLDER}/rolled-back`,
    own: `${UPGRADE_FOLDER}/postrollback`,
  },
} as const satisfies Record<string, Hook>;

/**
 * Pure: what Setup runs as SYSTEM when it has upgraded Windows or has rolled the upgrade back. Setup runs a copy, so every
 * path is a full one. The mark comes before the sequence goes on, which reads it. `own`: a script of the sequence runs
 * first, in an interpreter of its own.
 */
export function hookScript(hook: Hook, { own }: { own: boolean }): string {
  const onDrive = (path: string): string => `%SystemDrive%\\${path.replaceAll('/', '\\')}`;
  const lines = [
    '@echo off',
    'rem Mediasmith goes on with its task sequence here.',
    ...(own ? [`"%SystemRoot%\\System32\\cmd.exe" /d /c call "${onDrive(`${hook.own}/${hook.script}`)}"`] : []),
    `>"${onDrive(hook.mark)}" echo %DATE% %TIME%`,
    `"${onDrive(RESUME_PROGRAM)}" resume --from-setup`,
    'exit /b 0',
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}
