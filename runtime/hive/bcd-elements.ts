import { bracedGuid } from './guid.ts';
import { type HiveData, type HiveKey, hiveKey } from './hive-tree.ts';

/** An element by its number: class, format and meaning are all in the number. */
export type BcdElement = { id: number; value: HiveData };

export type BcdObject = { guid: string; type: number; elements: readonly BcdElement[] };

/** An object as the store keeps it: `{guid}\Description` with its type, `{guid}\Elements\<number>` with each element. */
export function objectKey(object: BcdObject): HiveKey {
  return hiveKey(bracedGuid(object.guid), {}, [
    hiveKey('Description', { Type: { type: 'DWORD', data: object.type } }),
    hiveKey(
      'Elements',
      {},
      object.elements.map(({ id, value }) => hiveKey(id.toString(16).padStart(8, '0'), { Element: value })),
    ),
  ]);
}

export function deviceElement(id: number, data: Uint8Array): BcdElement {
  return { id, value: { type: 'BINARY', data } };
}

export function stringElement(id: number, data: string): BcdElement {
  return { id, value: { type: 'SZ', data } };
}

export function objectElement(id: number, guid: string): BcdElement {
  return { id, value: { type: 'SZ', data: bracedGuid(guid) } };
}

export function objectListElement(id: number, guids: readonly string[]): BcdElement {
  return { id, value: { type: 'MULTI_SZ', data: guids.map(bracedGuid) } };
}

export function integerElement(id: number, ...numbers: readonly number[]): BcdElement {
  return { id, value: { type: 'BINARY', data: new Uint8Array(BigUint64Array.from(numbers.map(BigInt)).buffer) } };
}

export function booleanElement(id: number, yes: boolean): BcdElement {
  return { id, value: { type: 'BINARY', data: Uint8Array.of(yes ? 1 : 0) } };
}
