import { win32 } from 'node:path';
import { MICROSOFT_ARCHITECTURES } from '../../contract/architecture.ts';
import type { OperatingSystem } from '../../contract/machine.ts';
import type { Argv } from '../../host/exec.ts';

/** Pure: Sysprep's command line (Microsoft: "Sysprep Command-Line Options"). It leaves the restart to the sequence. */
export function sysprepArgv(windowsFolder: string, answerFile: string | undefined): Argv {
  return [
    win32.join(windowsFolder, 'System32', 'Sysprep', 'sysprep.exe'),
    '/generalize',
    '/oobe',
    '/quit',
    '/quiet',
    ...(answerFile === undefined ? [] : [`/unattend:${answerFile}`]),
  ];
}

/** Pure: the answers by which Sysprep leaves the activation alone (Microsoft: "SkipRearm"). */
export function skipRearmXml(architecture: OperatingSystem['architecture']): string {
  const component = [
    'name="Microsoft-Windows-Security-SPP"',
    `processorArchitecture="${MICROSOFT_ARCHITECTURES[architecture]}"`,
    'publicKeyToken="31bf3856ad364e35"',
    'language="neutral"',
    'versionScope="nonSxS"',
  ];
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<unattend xmlns="urn:schemas-microsoft-com:unattend">',
    '  <settings pass="generalize">',
    `    <component ${component.join(' ')}>`,
    '      <SkipRearm>1</SkipRearm>',
    '    </component>',
    '  </settings>',
    '</unattend>',
    '',
  ].join('\r\n');
}
