import { expect, it } from 'vitest';
import { loadSequence } from '../../../../runtime/sequence/load.ts';
import { logShareOf } from '../../../../runtime/sequence/log-share.ts';

const problemsOf = (fields: string): string[] => {
  const steps = 'steps: [{ step: set-variable, variable: A, value: a }]';
  const { problems } = loadSequence(`formatVersion: 2\nid: x\nname: n\n${fields}\n${steps}\n`, 'f.yaml');
  return problems.map(({ line, message }) => `${line} ${message}`);
};

it.each([
  ["logFolder: '\\\\server\\logs'\nlogAccount: ann\nlogPassword: '%_SMSTSSerialNumber%'", []],
  ["logFolder: '%_SMSTSModel%'\nlogAccount: ann", []],
  ['logFolder: /mnt/logs', []],
  [
    'logFolder: /mnt/logs\nlogAccount: ann',
    ['5 logAccount: it needs a logFolder on a share: \\\\server\\share\\folder'],
  ],
  ['logAccount: ann', ['4 logAccount: it needs a logFolder on a share: \\\\server\\share\\folder']],
  ...['\\\\server', '\\\\?\\C:\\logs', '//server/logs/../x'].map((folder): [string, string[]] => [
    `logFolder: '${folder}'\nlogAccount: ann`,
    [`4 logFolder: ${folder} is no folder on a share: \\\\server\\share\\folder`],
  ]),
  ["logFolder: '\\\\server\\logs'\nlogPassword: a", ['5 logPassword: it needs a logAccount']],
])('%s: %j', (fields, expected) => {
  expect(problemsOf(fields)).toEqual(expected);
});

it('knows the variables that the account and the password read', () => {
  const read = "logFolder: '\\\\server\\%A1%'\nlogAccount: '%A2%'\nlogPassword: '%A3%'";
  expect(problemsOf(read).map((line) => /^\d+/.exec(line)?.[0])).toEqual(['4', '5', '6']);
});

it('takes a folder on a share apart', () => {
  expect(logShareOf('//server/logs$/a b\\c', 'CORP\\ann')).toEqual({
    share: { kind: 'share', server: 'server', share: 'logs$', path: '', user: 'CORP\\ann' },
    folder: 'a b/c',
  });
  expect(logShareOf('\\\\server\\logs', undefined)).toMatchObject({ share: { user: undefined }, folder: '' });
  for (const text of ['\\\\server', '\\\\server\\logs\\..', '\\\\server\\logs\\a:b'])
    expect(() => logShareOf(text, undefined)).toThrow('is no folder on a share');
});
