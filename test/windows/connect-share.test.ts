import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InstalledWindows, openWindows, WINDOWS } from '../helpers/wine-windows.ts';

const SECRET = 'a password of a share';
const NO_NETWORK = '1222';

let windows: InstalledWindows;
beforeAll(async () => {
  windows = await openWindows();
});
afterAll(() => windows?.[Symbol.asyncDispose]());

it('Windows itself is asked for a share: no program gets the password', async () => {
  const connect = { step: 'connect-network-folder', path: '\\\\no-such-server\\share', driveLetter: 'Q' };
  const sequence = {
    ...{ formatVersion: 2, id: 'it', name: 'It', startsIn: 'full-os', onSuccess: 'shell' },
    steps: [
      { ...connect, account: 'CORP\\ann', password: SECRET, continueOnError: true },
      { step: 'run-command-line', command: [`${WINDOWS}\\System32\\note.exe`, '%_SMSTSLastActionRetCode%'] },
    ],
  };
  await windows.insert({ sequences: [sequence], preferredSequence: 'it' }, {});
  const { exitCode, stdout, stderr } = await windows.run('run');
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  // Wine has no shares, and says so as Windows does where there is no network.
  const calls = await windows.stubs.calls();
  expect(calls.flatMap(({ name, argv }) => (name === 'note' ? argv : []))).toEqual([NO_NETWORK]);
  expect(JSON.stringify(calls)).not.toContain(SECRET);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('cannot be connected to: there is no network');
  expect(stdout).not.toContain(SECRET);
});
