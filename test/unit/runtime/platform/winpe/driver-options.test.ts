import { expect, it } from 'vitest';
import type { DriverOptions } from '../../../../../runtime/platform/platform.ts';
import { addDriversArgv, setLayeredDriverArgv } from '../../../../../runtime/platform/winpe/command-lines.ts';

const WISH = { image: 'W:\\', folder: 'W:\\Drivers\\net', scratchFolder: undefined, logFile: 'X:\\dism.log' };

it.each<[DriverOptions, string[]]>([
  [{}, ['/Recurse']],
  [{ recurse: true, forceUnsigned: false, additionalOptions: [] }, ['/Recurse']],
  [{ recurse: false }, []],
  [{ forceUnsigned: true, additionalOptions: ['/LogLevel:4'] }, ['/Recurse', '/ForceUnsigned', '/LogLevel:4']],
])('%j are options of DISM', (options, words) => {
  const program = 'X:\\Windows\\System32\\dism.exe';
  const argv = [program, '/English', '/Image:W:\\', '/Add-Driver', '/Driver:W:\\Drivers\\net', ...words];
  expect(addDriversArgv('X:\\Windows', { ...WISH, ...options })).toEqual([...argv, '/LogPath:X:\\dism.log']);
});

it('the layered driver of a keyboard is set by its number', () => {
  const wish = { image: 'W:\\', driver: 6, scratchFolder: 'W:\\Scratch', logFile: 'X:\\dism.log' };
  expect(setLayeredDriverArgv('X:\\Windows', wish)).toEqual([
    'X:\\Windows\\System32\\dism.exe',
    '/English',
    '/Image:W:\\',
    '/Set-LayeredDriver:6',
    '/ScratchDir:W:\\Scratch',
    '/LogPath:X:\\dism.log',
  ]);
});
