import { readdir } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { mountForReading } from '../../../../../runtime/native/linux-mount.ts';
import { modulesArgv, mountData, mountShare, type ShareAccess } from '../../../../../runtime/platform/linux/share.ts';
import { temporaryFolder } from '../../../../helpers/temporary-folder.ts';

const SHARE = { kind: 'share', server: 'server', share: 'images', path: 'a/b c', user: 'CORP\\ann' } as const;
const ADDRESS = '10.0.0.9';

/** Each number is what one call of mount(2) ends with. */
async function open(numbers: number[], { share = SHARE, ...wish }: Partial<ShareAccess> & { share?: object } = {}) {
  const calls: string[][] = [];
  const lines: string[] = [];
  const before = (await readdir(tmpdir())).length;
  const opened = await mountShare(
    { ...SHARE, ...share },
    {
      exec: async (argv) => {
        lines.push(argv.join(' '));
        return { exitCode: 0, stdout: '', stderr: '' };
      },
      mount: async (source, _folder, type, data) => {
        calls.push([source, type, data]);
        return numbers.shift() ?? 0;
      },
      resolve: async () => ADDRESS,
      patienceSeconds: 0,
      ...wish,
    },
  ).catch((error: unknown) => error);
  return { opened, calls, lines, left: (await readdir(tmpdir())).length - before };
}

describe('mountData', () => {
  it('has the address, the account and its domain, with commas as the kernel reads them', () => {
    expect(mountData(SHARE, ADDRESS, 'a,b=c')).toBe(
      'ip=10.0.0.9,username=ann,password=a,,b=c,domain=CORP,iocharset=utf8',
    );
    expect(mountData({ user: 'ann@corp.example' }, ADDRESS, 'x')).toContain('username=ann@corp.example,password=x,io');
    expect(mountData({ user: undefined }, 'fe80::1')).toBe('ip=fe80::1,sec=none,iocharset=utf8');
  });
});

describe('mountShare', () => {
  it('mounts the folder by the kernel itself: no program sees the password', async () => {
    const { opened, calls, lines } = await open([0], { password: 'secret' });
    expect(opened).toMatchObject({ device: '\\\\server\\images\\a\\b c', disk: '' });
    expect(calls).toEqual([['//server/images/a/b c', 'cifs', mountData(SHARE, ADDRESS, 'secret')]]);
    expect(lines).toEqual([modulesArgv().join(' ')]);
  });

  it.each([
    ['a wrong password', [constants.errno.EACCES], {}, 'PASSWORD_WRONG', /account or the password/],
    ['a share for others', [constants.errno.EACCES], { user: undefined }, 'MEDIUM_NOT_FOUND', /access is denied/],
    ['no such folder', [constants.errno.ENOENT], {}, 'MEDIUM_NOT_FOUND', /no such share or folder/],
    ['a server that is away', [constants.errno.EHOSTUNREACH], {}, 'MEDIUM_NOT_FOUND', /does not answer/],
    ['another number', [constants.errno.EINVAL], {}, 'MEDIUM_NOT_FOUND', /error 22 of the kernel/],
  ])('says what is wrong: %s', async (_, numbers, share, code, message) => {
    const { opened, left } = await open(numbers, { share });
    expect(opened).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(left).toBe(0);
  });

  it('names a server that DNS does not know', async () => {
    const resolve = () => Promise.reject(new Error('ENOTFOUND'));
    const { opened, calls } = await open([], { resolve });
    expect(opened).toMatchObject({ code: 'MEDIUM_NOT_FOUND', message: 'no name server knows server' });
    expect(calls).toEqual([]);
  });

  it('waits for a server that comes', async () => {
    const { opened, calls } = await open([constants.errno.ETIMEDOUT, 0], { patienceSeconds: 30 });
    expect(opened).toMatchObject({ disk: '' });
    expect(calls).toHaveLength(2);
  });
});

it('mount(2) says why it refuses', async () => {
  const error = await mountForReading('none', await temporaryFolder(), 'no-such-file-system', '');
  expect([constants.errno.ENODEV, constants.errno.EPERM]).toContain(error);
});
