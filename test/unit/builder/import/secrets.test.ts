import { describe, expect, it } from 'vitest';
import { hideSecrets, isSecretName } from '../../../../builder/import/secrets.ts';

describe('hideSecrets', () => {
  it.each([
    ['a.exe /password:x', 'a.exe /password:#'],
    ['a.exe --password=x --next', 'a.exe --password=# --next'],
    ['a.exe -pwd "x y" -n', 'a.exe -pwd "#" -n'],
    ['a.exe /AdminPassword x', 'a.exe /AdminPassword #'],
    ["$x = @{ Password = 'x' }", "$x = @{ Password = '#' }"],
    ['net user admin x /add', 'net user admin # /add'],
    ['net.exe user "the admin" x', 'net.exe user "the admin" #'],
  ])('hides what %s shows', (command, hidden) => {
    expect(hideSecrets(command, () => '#')).toBe(hidden);
  });

  it.each([
    'a.exe /password:%Secret%',
    'a.exe /npwdfile:"Password.bin"',
    'net user admin /delete',
    'net user admin /active:yes',
    'net user',
    'echo the password is not here',
    'powershell -Command "$password = Get-Secret"',
  ])('leaves %s alone', (command) => {
    expect(hideSecrets(command, () => '#')).toBe(command);
  });

  it.each(['pw', 'password', '/password ', 'a', '"', 'pw="', 'net user "', ' ', '-pw:'])(
    'is linear in many of %j',
    (piece) => {
      const started = performance.now();
      hideSecrets(piece.repeat(200_000), () => '#');
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );
});

describe('isSecretName', () => {
  it.each(['OSDLocalAdminPassword', 'JoinPwd', 'PIN', 'BIOSPassword', 'ClientSecret'])('knows %s', (name) => {
    expect(isSecretName(name)).toBe(true);
  });
  it.each(['OSDComputerName', 'Shipping', 'PHASE', 'PassiveMode', 'OSDRandomAdmin'])('does not suspect %s', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
