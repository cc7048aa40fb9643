import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packCode } from '../../../../../runtime/native/msi-codes.ts';
import { win32Facts } from '../../../../../runtime/platform/win32/facts.ts';
import { type FakeRegistryKeys, fakeRegistry } from '../../../../helpers/fake-registry.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const SOFTWARE = 'HKEY_LOCAL_MACHINE\\SOFTWARE';
const INSTALLER = `${SOFTWARE}\\Microsoft\\Windows\\CurrentVersion\\Installer`;
const PRODUCTS = `${INSTALLER}\\UserData\\S-1-5-18\\Products`;
const facts = (keys: FakeRegistryKeys = {}, environment = {}) => win32Facts(fakeRegistry(keys), environment);

describe('files and folders', () => {
  const modified = new Date('2024-03-07T12:00:00Z');

  it('have the time they were written last', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'file.txt': 'text' });
    await mkdir(join(folder, 'folder'));
    for (const name of ['file.txt', 'folder']) await utimes(join(folder, name), modified, modified);
    expect(await facts().file(join(folder, 'file.txt'))).toEqual({ modified, version: undefined });
    expect(await facts().folder(join(folder, 'folder'))).toEqual({ modified });
  });

  it('are told from each other, and from what is not there', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { file: '' });
    expect(await facts().file(folder)).toBeUndefined();
    expect(await facts().folder(join(folder, 'file'))).toBeUndefined();
    for (const path of [join(folder, 'none'), join(folder, 'file/below')]) {
      expect([await facts().file(path), await facts().folder(path)]).toEqual([undefined, undefined]);
    }
  });

  it('that cannot be looked at are no answer', async () => {
    const path = join(await temporaryFolder(), 'x'.repeat(5000));
    const refused = { code: 'CONDITION_NOT_EVALUATED', where: path };
    await expect(facts().file(path)).rejects.toMatchObject(refused);
    await expect(facts().folder(path)).rejects.toMatchObject(refused);
  });
});

describe('the registry', () => {
  const binary = (type: number, ...bytes: number[]) => ({ type, data: Buffer.from(bytes) });
  const text = (type: number, content: string) => ({ type, data: Buffer.from(content, 'utf16le') });
  const key = `${SOFTWARE}\\Stand-in`;
  const values = {
    text: 'Größe',
    'with zeros': text(1, 'a\0b\0'),
    'without a zero': text(1, 'a'),
    expanded: text(2, '%windir%\0'),
    list: text(7, 'a\0b\0\0'),
    'empty list': text(7, '\0'),
    number: 0xffffffff,
    'number backwards': binary(5, 0, 0, 1, 2),
    'short number': binary(4, 7),
    'long number': binary(11, 1, 0, 0, 0, 0, 0, 0, 0x80),
    bytes: binary(3, 1, 2, 3),
    nothing: binary(0),
    resources: binary(8, 1),
    '': 'the default',
  };

  it.each([
    ['text', 'REG_SZ', 'Größe'],
    ['TEXT', 'REG_SZ', 'Größe'],
    ['with zeros', 'REG_SZ', 'a'],
    ['without a zero', 'REG_SZ', 'a'],
    ['expanded', 'REG_EXPAND_SZ', '%windir%'],
    ['list', 'REG_MULTI_SZ', ['a', 'b']],
    ['empty list', 'REG_MULTI_SZ', []],
    ['number', 'REG_DWORD', 0xffffffffn],
    ['number backwards', 'REG_DWORD', 0x102n],
    ['short number', 'REG_DWORD', 7n],
    ['long number', 'REG_QWORD', 0x8000000000000001n],
    ['bytes', 'REG_BINARY', Buffer.from([1, 2, 3])],
    ['nothing', 'REG_NONE', Buffer.alloc(0)],
    ['resources', 'REG_BINARY', Buffer.from([1])],
    ['', 'REG_SZ', 'the default'],
  ])('has the value %j as %s', async (name, type, data) => {
    expect(await facts({ [key]: values }).registryValue(key, name)).toEqual({ type, data });
  });

  it('knows keys, also those above one', async () => {
    const there = facts({ [key]: {} });
    expect(await there.registryKeyExists(key.toUpperCase())).toBe(true);
    expect(await there.registryKeyExists(SOFTWARE)).toBe(true);
    expect(await there.registryKeyExists(`${key}\\below`)).toBe(false);
    expect(await there.registryValue(key, 'none')).toBeUndefined();
    expect(await there.registryValue(`${key}\\below`, 'none')).toBeUndefined();
  });

  it('that may not be read is no answer', async () => {
    const denied = facts({ [key]: 'denied' });
    const refused = {
      code: 'CONDITION_NOT_EVALUATED',
      message: expect.stringContaining(`${key} cannot be read: error 5`),
    };
    await expect(denied.registryKeyExists(key)).rejects.toMatchObject(refused);
    await expect(denied.registryValue(key, 'x')).rejects.toMatchObject(refused);
  });
});

describe('installed software', () => {
  const product = '{AC76BA86-7AD7-1033-7B44-AC0F074E4100}';
  const other = '{11111111-2222-3333-4444-555555555555}';
  const upgrade = '{A6EADE66-0000-0000-484E-7E8A45000000}';
  const properties = (code: string) => `${PRODUCTS}\\${packCode(code)}\\InstallProperties`;

  it('is what Windows Installer has installed for the machine', async () => {
    const found = await facts({
      [properties(product)]: { DisplayName: 'Stand-in Reader', DisplayVersion: '15.7.20033' },
      [`${INSTALLER}\\UpgradeCodes\\${packCode(upgrade)}`]: { [packCode(product)]: '' },
      [properties(other)]: { DisplayName: 'Other' },
      [`${SOFTWARE}\\Classes\\Installer\\UpgradeCodes\\${packCode(upgrade)}`]: { [packCode(other)]: '' },
      [`${PRODUCTS}\\${packCode(upgrade)}\\Features`]: {},
      [`${PRODUCTS}\\not a code\\InstallProperties`]: { DisplayName: 'Nonsense' },
    }).installedSoftware();
    expect(found).toEqual([
      { productCode: product, upgradeCode: upgrade, name: 'Stand-in Reader', version: '15.7.20033' },
      { productCode: other, upgradeCode: upgrade, name: 'Other', version: '' },
    ]);
  });

  it('is none where there is no Windows Installer', async () => {
    expect(await facts().installedSoftware()).toEqual([]);
  });

  it('that may not be read is no answer', async () => {
    await expect(facts({ [PRODUCTS]: 'denied' }).installedSoftware()).rejects.toMatchObject({
      code: 'CONDITION_NOT_EVALUATED',
      where: PRODUCTS,
    });
  });
});

it('has the variables of the system, in any case', () => {
  const { environment } = facts({}, { ProgramFiles: 'C:\\Program Files' });
  expect(environment('PROGRAMFILES')).toBe('C:\\Program Files');
  expect(environment('none')).toBeUndefined();
});
