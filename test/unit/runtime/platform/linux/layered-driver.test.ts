import { describe, expect, it } from 'vitest';
import { type HiveData, hiveFromPaths } from '../../../../../runtime/hive/hive-tree.ts';
import { writeHive } from '../../../../../runtime/hive/regf.ts';
import { hiveNumber, hiveText } from '../../../../../runtime/hive/regf-read.ts';
import { setLayeredDriver } from '../../../../../runtime/platform/linux/layered-driver.ts';

const PARAMETERS = 'Services\\i8042prt\\Parameters';
const IDENTIFIER = 'OverrideKeyboardIdentifier';

function systemHive(select: Record<string, HiveData> = { Default: { type: 'DWORD', data: 2 } }): Buffer {
  const values = {
    'LayerDriver JPN': { type: 'SZ', data: 'kbd101.dll' },
    'LayerDriver KOR': { type: 'SZ', data: 'kbd101a.dll' },
    [IDENTIFIER]: { type: 'SZ', data: 'PCAT_101KEY' },
  } as const;
  const sets = { [`ControlSet001\\${PARAMETERS}`]: values, [`ControlSet002\\${PARAMETERS}`]: values };
  return Buffer.from(writeHive(hiveFromPaths('SYSTEM', { Select: select, ...sets }), { timestamp: new Date(0) }));
}

async function set(driver: number, hive: Buffer | undefined) {
  const written: [string, Buffer][] = [];
  const files = {
    read: async () => hive,
    write: async (path: string, content: string | Uint8Array) => void written.push([path, Buffer.from(content)]),
  };
  const failed = await setLayeredDriver(files, driver).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { failed, written };
}

describe('the keyboard of an applied Windows', () => {
  it.each<[number, string, string, string, number, number]>([
    [1, 'LayerDriver JPN', 'kbd101.dll', 'PCAT_101KEY', 7, 0],
    [2, 'LayerDriver KOR', 'kbd101a.dll', 'PCAT_101AKEY', 8, 3],
    [3, 'LayerDriver KOR', 'kbd101b.dll', 'PCAT_101BKEY', 8, 4],
    [4, 'LayerDriver KOR', 'kbd101c.dll', 'PCAT_101CKEY', 8, 5],
    [5, 'LayerDriver KOR', 'kbd103.dll', 'PCAT_103KEY', 8, 6],
    [6, 'LayerDriver JPN', 'kbd106.dll', 'PCAT_106KEY', 7, 2],
  ])('of driver %i is %s %s, in the control set that Windows starts with', async (...row) => {
    const [driver, layer, file, identifier, type, subtype] = row;
    const { failed, written } = await set(driver, systemHive());
    expect([failed, written.map(([path]) => path)]).toEqual([undefined, ['Windows/System32/config/SYSTEM']]);
    const hive = written[0]?.[1] ?? Buffer.alloc(0);
    const key = `ControlSet002\\${PARAMETERS}`;
    expect([hiveText(hive, key, layer), hiveText(hive, key, IDENTIFIER)]).toEqual([file, identifier]);
    expect(hiveNumber(hive, key, 'OverrideKeyboardType')).toBe(type);
    expect(hiveNumber(hive, key, 'OverrideKeyboardSubtype')).toBe(subtype);
    const other = layer.endsWith('JPN') ? 'LayerDriver KOR' : 'LayerDriver JPN';
    expect(hiveText(hive, key, other)).toBe(hiveText(systemHive(), key, other));
    expect(hiveText(hive, `ControlSet001\\${PARAMETERS}`, IDENTIFIER)).toBe('PCAT_101KEY');
  });

  it.each<[string, Buffer | undefined]>([
    ['no hive', undefined],
    ['another file', Buffer.from('text')],
    ['a hive that names no control set', systemHive({ Current: { type: 'DWORD', data: 1 } })],
    ['a hive that was not closed', systemHive().fill(7, 4, 5)],
  ])('stays as it is with %s', async (_what, hive) => {
    const { failed, written } = await set(6, hive);
    expect(failed).toMatchObject({ code: 'SOURCE_INVALID', where: 'Windows/System32/config/SYSTEM' });
    expect(written).toEqual([]);
  });
});
