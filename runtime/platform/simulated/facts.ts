import { MediasmithError } from '../../contract/errors.ts';
import type { RegistryValue, SystemFacts } from '../../contract/facts.ts';
import type { RecordedSystem } from '../../contract/recorded-machine.ts';

/** What was recorded of a system. Where nothing was, nothing is assumed. */
export function simulatedFacts(system: RecordedSystem | undefined): SystemFacts {
  const of = (): RecordedSystem => {
    if (system !== undefined) return system;
    throw new MediasmithError(
      'CONDITION_NOT_EVALUATED',
      'the recorded machine says nothing of files, registry or software',
      {
        hint: 'Add "system" to it, with what the condition asks for.',
      },
    );
  };
  return {
    file: async (path) => {
      const file = find(of().files, path);
      return file && { modified: new Date(file.modified), version: file.version };
    },
    folder: async (path) => {
      const folder = find(of().folders, path);
      return folder && { modified: new Date(folder.modified) };
    },
    registryKeyExists: async (key) => find(of().registry, key) !== undefined,
    registryValue: async (key, name) => {
      const value = find(find(of().registry, key) ?? {}, name);
      return value && { type: value.type, data: dataOf(value) };
    },
    installedSoftware: async () => of().software,
    environment: (name) => find(system?.environment ?? {}, name),
  };
}

type Recorded = { type: RegistryValue['type']; data: string | string[] | number };

/** What stands in the recorded machine must be what its type says: a guess at it would decide conditions. */
function dataOf({ type, data }: Recorded): RegistryValue['data'] {
  const isNumber = type === 'REG_DWORD' || type === 'REG_QWORD';
  if (isNumber !== (typeof data === 'number') || (type === 'REG_BINARY' && !isHex(data))) {
    throw new MediasmithError(
      'CONDITION_NOT_EVALUATED',
      `${JSON.stringify(data)} in the recorded machine is no ${type}`,
      {
        hint: 'Record numbers for REG_DWORD and REG_QWORD, hexadecimal digits for REG_BINARY, texts for the others.',
      },
    );
  }
  if (type === 'REG_BINARY') return Buffer.from(String(data), 'hex');
  return typeof data === 'number' ? BigInt(data) : data;
}

function isHex(data: Recorded['data']): boolean {
  return typeof data === 'string' && /^([0-9a-f]{2})*$/i.test(data);
}

/** Windows tells names apart without regard to case, and keys and folders with or without a backslash at their end. */
function find<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  const plain = (text: string) => text.replace(/\\+$/, '').toLowerCase();
  const wanted = plain(name);
  return Object.entries(record).find(([key]) => plain(key) === wanted)?.[1];
}
