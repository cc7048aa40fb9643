import { describe, expect, it } from 'vitest';
import { hideSecrets, isSecretName } from '../../../../builder/import/secrets.ts';
import { growth, LINEAR } from '../../../helpers/growth.ts';

describe('hideSecrets', () => {
  it.each([
    ['a.exe /password:x', 'a.exe /password:#'],
    ['a.exe --password=x --next', 'a.exe --password=# --next'],
    ['a.exe -pwd "x y" -n', 'a.exe -pwd "#" -n'],
    ['a.exe /AdminPassword x', 'a.exe /AdminPassword #'],
    ["$x = @{ Password = 'x' }", "$x = @{ Password = '#' }"],
    ['net user admin x /add', 'net user admin # /add'],
    ['net.exe user "the admin" x', 'net.exe user "the admin" #'],
    ['net use z: \\\\s\\x y /user:d\\u', 'net use z: \\\\s\\x # /user:d\\u'],
    ['net use "\\\\s\\a b" "y z"', 'net use "\\\\s\\a b" "#"'],
    ["$s = ConvertTo-SecureString 'x' -AsPlainText", "$s = ConvertTo-SecureString '#' -AsPlainText"],
    ['psexec.exe \\\\pc -u d\\u -p x a.exe', 'psexec.exe \\\\pc -u d\\u -p # a.exe'],
    ['schtasks /create /tn a /ru d\\u /rp x', 'schtasks /create /tn a /ru d\\u /rp #'],
    ['curl https://me:x@example.test/a', 'curl https://me:#@example.test/a'],
    ['cscript slmgr.vbs /ipk AAAAA-BBBBB-CCCCC-DDDDD-EEEEE', 'cscript slmgr.vbs /ipk #'],
  ])('hides what %s shows', (command, hidden) => {
    expect(hideSecrets(command, () => '#')).toBe(hidden);
  });

  it.each([
    'a.exe /password:%Secret%',
    'a.exe /npwdfile:"Password.bin"',
    'net user admin /delete',
    'net user admin /active:yes',
    'net user',
    'net use z: \\\\s\\x /persistent:no',
    'net use z: \\\\s\\x *',
    'net use z: /delete',
    'mkdir -p a',
    'curl https://example.test:8443/a@b',
    '$s = ConvertTo-SecureString $env:Given -AsPlainText',
    'setup.exe {12345678-1234-1234-1234-123456789012}',
    'echo the password is not here',
    'powershell -Command "$password = Get-Secret"',
  ])('leaves %s alone', (command) => {
    expect(hideSecrets(command, () => '#')).toBe(command);
  });

  it.each([
    'pw',
    'password',
    '/password ',
    'a',
    '"',
    'pw="',
    'net user "',
    ' ',
    '-pw:',
    'net use \\\\',
    ' -u x',
    'schtasks ',
    'a://',
    'AAAAA-',
  ])('is linear in many of %j', (piece) => {
    const hide = (count: number) => hideSecrets(piece.repeat(count), () => '#');
    expect(growth(hide, 20_000)).toBeLessThan(LINEAR);
  });
});

describe('isSecretName', () => {
  it.each([
    'OSDLocalAdminPassword',
    'JoinPwd',
    'PIN',
    'BIOSPassword',
    'ClientSecret',
    'ProductKey',
    'BDEPin',
    'LocalAdminPw',
  ])('knows %s', (name) => {
    expect(isSecretName(name)).toBe(true);
  });
  it.each(['OSDComputerName', 'Shipping', 'PHASE', 'PassiveMode', 'OSDRandomAdmin', 'TPMBypass', 'BDEKeyLocation'])(
    'does not suspect %s',
    (name) => {
      expect(isSecretName(name)).toBe(false);
    },
  );
});
