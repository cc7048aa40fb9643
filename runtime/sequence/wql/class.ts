import type { Machine } from '../../contract/machine.ts';

export type CimType =
  | 'string'
  | 'boolean'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'datetime'
  | 'string[]'
  | 'uint16[]';

/** `null` is WMI's NULL. Undefined: it exists on the machine, but the inventory does not hold it; nothing is assumed of it. */
export type CimValue = string | number | boolean | readonly string[] | readonly number[] | null | undefined;

export type CimProperty = { name: string; type: CimType };

/** A value by the index of its property. */
export type Instance = (property: number) => CimValue;

/** A class that is computed from the inventory. The reference lists them from this. */
export type WqlClass = {
  name: string;
  namespace: string;
  /** Where it differs from WMI's, for the reference. */
  note?: string | undefined;
  properties: readonly CimProperty[];
  /** A text instead of instances says why they are not known here. */
  instances(machine: Machine): readonly Instance[] | string;
};

export const CIMV2 = 'root\\cimv2';
export const TPM_NAMESPACE = 'root\\cimv2\\security\\microsofttpm';
export const WMI = 'root\\wmi';

/** A class by Microsoft's names. Each item becomes an instance. */
export function defineClass<Item>(wish: {
  name: string;
  namespace: string;
  note?: string;
  items: (machine: Machine) => readonly Item[] | string;
  properties: Record<string, readonly [CimType, (item: Item) => CimValue]>;
}): WqlClass {
  const entries = Object.entries(wish.properties);
  return {
    name: wish.name,
    namespace: wish.namespace,
    note: wish.note,
    properties: entries.map(([name, [type]]) => ({ name, type })),
    instances: (machine) => {
      const items = wish.items(machine);
      if (typeof items === 'string') return items;
      return items.map((item) => (property) => entries[property]?.[1][1](item));
    },
  };
}

/** A text or number that stands for «not known» when it is empty or 0. */
export function known<T extends string | number>(value: T): T | undefined {
  return value === '' || value === 0 ? undefined : value;
}
