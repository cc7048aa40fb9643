import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { connectShare } from '../../../../runtime/platform/winpe/share.ts';
import { fakeWin32 } from '../../../helpers/fake-win32.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { runContent } from '../../../helpers/run-content.ts';

const PATH = '\\\\srv\\share dir\\folder';
const STEP = { step: 'connect-network-folder', path: PATH, driveLetter: 'z:' };
const ACCOUNT = { account: 'DOM\\user', password: 'hunter4' };

function connecting(number: number | undefined, share?: string) {
  const calls: unknown[][] = [];
  const win32 = fakeWin32(
    {},
    {
      connectShare: (...given) => {
        calls.push(given);
        return number;
      },
      shareOfDrive: (drive) => (drive === 'Z:' ? share : undefined),
    },
  );
  return { calls, win32 };
}

describe('a connection', () => {
  it.each(['sequence', 'variable'])('has its password from a %s, in no event and on no command line', async (from) => {
    const variables = new Variables();
    if (from === 'variable') variables.set('Pass', 'hunter4', { secret: true });
    const step = { ...STEP, ...ACCOUNT, ...(from === 'variable' && { password: '%Pass%' }) };
    const said = { step: 'set-variable', variable: 'Said', value: 'it is hunter4' };
    const { outcome, calls, events, platform } = await runContent(
      [step, said, { step: 'run-command-line', command: 'a' }],
      {
        ...{ platformName: 'winpe', machine: aMachine(), variables },
      },
    );
    expect(outcome.error).toBeUndefined();
    expect(platform.connected).toEqual([{ path: PATH, driveLetter: 'z:', account: 'DOM\\user', password: 'hunter4' }]);
    expect(JSON.stringify([events, calls.map(({ argv }) => argv)])).not.toContain('hunter4');
    expect(calls).toHaveLength(1);
  });

  it('is made by Windows, until the next restart', async () => {
    const { calls, win32 } = connecting(0);
    await connectShare({ win32 }, { path: PATH, driveLetter: 'z', ...ACCOUNT });
    await connectShare({ win32 }, { path: PATH, account: 'a' });
    await connectShare({ win32 }, { path: PATH });
    expect(calls).toEqual([
      [PATH, 'DOM\\user', 'hunter4', 'Z:'],
      [PATH, 'a', '', undefined],
      [PATH, undefined, undefined, undefined],
    ]);
  });

  it('that is there already stays, and a drive of another share is none', async () => {
    const drive = { path: PATH, driveLetter: 'z' };
    await connectShare(connecting(85, `${PATH.toUpperCase()}\\`), drive);
    for (const share of ['\\\\srv\\share dir', undefined])
      await expect(connectShare(connecting(85, share), drive)).rejects.toThrow('the drive letter is taken');
    await expect(connectShare(connecting(85, PATH), { path: PATH })).rejects.toThrow('the drive letter is taken');
  });

  it.each([
    [86, 'the password is wrong'],
    [4711, 'error 4711 of Windows'],
    [undefined, 'this boot image has no shares'],
  ])('that fails with %s says why', async (number, meaning) => {
    const failed = connectShare(connecting(number), { path: PATH, driveLetter: 'z:', ...ACCOUNT });
    await expect(failed).rejects.toMatchObject({
      ...{ code: 'STEP_FAILED', message: `${PATH} cannot be connected to: ${meaning}` },
      exitCode: number,
    });
    await expect(failed).rejects.not.toThrow('hunter4');
  });
});
