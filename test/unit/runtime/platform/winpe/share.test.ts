import { expect, it } from 'vitest';
import { openShare } from '../../../../../runtime/platform/winpe/share.ts';
import { fakeWin32 } from '../../../../helpers/fake-win32.ts';

const SHARE = { kind: 'share', server: 'server', share: 'images', path: 'a/b', user: 'CORP\\ann' } as const;

async function open(numbers: (number | undefined)[], share: typeof SHARE | object = SHARE, patienceSeconds = 0) {
  const calls: unknown[][] = [];
  const win32 = fakeWin32(
    {},
    {
      connectShare: (...given) => {
        calls.push(given);
        return numbers.shift();
      },
    },
  );
  const opened = await openShare({ win32 }, { ...SHARE, ...share }, { password: 'secret', patienceSeconds }).catch(
    (error: unknown) => error,
  );
  return { opened, calls };
}

it('connects to the share and opens the folder by its own path', async () => {
  const { opened, calls } = await open([53, 0], SHARE, 30);
  const root = '\\\\server\\images\\a\\b';
  expect(opened).toEqual({ root, device: root, disk: '', launchMode: 'PXE' });
  expect(calls).toEqual(Array(2).fill(['\\\\server\\images', 'CORP\\ann', 'secret']));
});

it.each([
  ['a wrong password', 1326, {}, 'PASSWORD_WRONG', /account or the password/],
  ['a share for others', 5, { user: undefined }, 'MEDIUM_NOT_FOUND', /access is denied/],
  ['no such share', 67, {}, 'MEDIUM_NOT_FOUND', /no such share/],
  ['a server that is away', 53, {}, 'MEDIUM_NOT_FOUND', /does not answer/],
  ['another number', 4711, {}, 'MEDIUM_NOT_FOUND', /error 4711 of Windows/],
  ['no shares at all', undefined, {}, 'MEDIUM_NOT_FOUND', /has no shares/],
])('says what is wrong: %s', async (_, number, share, code, message) => {
  const { opened } = await open([number], share);
  expect(opened).toMatchObject({ code, message: expect.stringMatching(message) });
});
