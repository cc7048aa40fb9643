import { expect, it } from 'vitest';
import { loadHiveArgv, unloadHiveArgv } from '../../../../runtime/steps/capture-windows-settings/registry.ts';
import { powershellArgv } from '../../../../runtime/steps/powershell.ts';
import { disconnectArgv } from '../../../../runtime/steps/release-state-store/run.ts';

it.each([
  [
    loadHiveArgv('reg.exe', 'SOFTWARE', 'C:\\Windows\\System32\\config\\SOFTWARE'),
    ['reg.exe', 'load', 'HKLM\\MediasmithSoftware', 'C:\\Windows\\System32\\config\\SOFTWARE'],
  ],
  [unloadHiveArgv('reg.exe', 'SYSTEM'), ['reg.exe', 'unload', 'HKLM\\MediasmithSystem']],
  [disconnectArgv('net.exe', '\\\\srv\\a b'), ['net.exe', 'use', '\\\\srv\\a b', '/delete', '/y']],
])('%j', (argv, words) => {
  expect(argv).toEqual(words);
});

it('our lines of PowerShell read their wish from the input, and end at the first that fails', () => {
  const argv = powershellArgv('powershell.exe', ['Do-This $wish.name', 'Do-That']);
  expect(argv.slice(0, -1)).toEqual(['powershell.exe', '-NoLogo', '-NoProfile', '-NonInteractive', '-Command']);
  expect(argv.at(-1)?.split('; ')).toEqual([
    "$ErrorActionPreference = 'Stop'",
    "$wish = (@($input) -join '') | ConvertFrom-Json",
    'Do-This $wish.name',
    'Do-That',
  ]);
});
