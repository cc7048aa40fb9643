import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import type {
  ConditionFacts,
  InstalledSoftware,
  RegistryValue,
  SystemFacts,
} from '../../../../runtime/contract/facts.ts';
import { type Machine, OperatingSystem } from '../../../../runtime/contract/machine.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { Condition, evaluateCondition, type Verdict } from '../../../../runtime/sequence/condition.ts';
import { aMachine } from '../../../helpers/machine.ts';

const MODIFIED = new Date('2024-05-01T10:00:00.700Z');
const FILES = new Map([
  ['C:\\Windows\\explorer.exe', { modified: MODIFIED, version: '10.0.26100.1' }],
  ['C:\\note.txt', { modified: MODIFIED, version: undefined }],
]);
const HKLM = 'HKEY_LOCAL_MACHINE';
const REGISTRY = new Map<string, RegistryValue>([
  [`${HKLM}\\SOFTWARE\\A|Text`, { type: 'REG_SZ', data: '1.10.0' }],
  [`${HKLM}\\SOFTWARE\\A|Many`, { type: 'REG_MULTI_SZ', data: ['one', 'two'] }],
  [`${HKLM}\\SOFTWARE\\A|Number`, { type: 'REG_DWORD', data: 10n }],
  [`${HKLM}\\SOFTWARE\\A|Large`, { type: 'REG_QWORD', data: 2n ** 63n + 1n }],
  [`${HKLM}\\SOFTWARE\\A|Bytes`, { type: 'REG_BINARY', data: new Uint8Array([1, 0xab]) }],
  [`${HKLM}\\SOFTWARE\\A|`, { type: 'REG_SZ', data: 'default' }],
]);
const OFFICE = '{90160000-0011-0000-0000-0000000FF1CE}';
const OFFICES = '{00160000-0011-0000-0000-0000000FF1CE}';
const SOFTWARE: InstalledSoftware[] = [
  { productCode: OFFICE, upgradeCode: OFFICES, name: 'Office', version: '16.0.4266.1001' },
];
const WINDOWS = OperatingSystem.parse({
  caption: 'Microsoft Windows 11 Pro',
  version: '10.0.22631',
  build: 22631,
  revision: 3155,
  architecture: 'x64',
  language: 1031,
});

const SYSTEM: SystemFacts = {
  file: async (path) => FILES.get(path),
  folder: async (path) => (path === 'C:\\Windows' ? { modified: MODIFIED } : undefined),
  registryKeyExists: async (key) => key === `${HKLM}\\SOFTWARE\\A`,
  registryValue: async (key, name) => REGISTRY.get(`${key}|${name}`),
  installedSoftware: async () => SOFTWARE,
  environment: (name) => (name.toLowerCase() === 'systemroot' ? 'C:\\Windows' : undefined),
};

function facts(system: Partial<SystemFacts> = {}, machine: Partial<Machine> = {}): ConditionFacts {
  const variables = new Variables();
  variables.set('Drive', 'C:');
  variables.set('Wanted', '10');
  variables.set('_SMSTSInWinPE', 'true');
  return { variables, machine: aMachine(machine), system: { ...SYSTEM, ...system } };
}

function evaluate(condition: unknown, known = facts({}, { operatingSystem: WINDOWS })): Promise<Verdict> {
  return evaluateCondition(Condition.parse(condition), known);
}

async function holds(condition: unknown): Promise<boolean> {
  return (await evaluate(condition)).holds;
}

async function refusal(condition: unknown, known: ConditionFacts): Promise<MediasmithError> {
  const error = await evaluate(condition, known).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MediasmithError) return error;
  throw new Error(`no refusal but ${error}`);
}

const EXPLORER = 'C:\\Windows\\explorer.exe';

describe('a file', () => {
  const version = (operator: string, value: string) => ({ file: EXPLORER, version: { operator, value } });
  const modified = (operator: string, value: string) => ({ file: EXPLORER, modified: { operator, value } });

  it.each<[object, boolean]>([
    [{ file: EXPLORER }, true],
    [{ file: '%Drive%\\Windows\\explorer.exe' }, true],
    [{ file: '%SystemRoot%\\explorer.exe' }, true],
    [{ file: '%OSDisk%\\Windows\\explorer.exe' }, false],
    [{ file: 'C:\\none' }, false],
    [{ file: 'C:\\none', version: { operator: 'notEquals', value: '1' } }, false],
    [version('equals', '10.0.26100.1'), true],
    [version('greaterEqual', '%Wanted%'), true],
    [version('less', '10.0.26100.2'), true],
    [version('greater', '10.0.26100.10'), false],
    [{ file: 'C:\\note.txt', version: { operator: 'greaterEqual', value: '0' } }, false],
    [{ file: 'C:\\note.txt', version: { operator: 'notEquals', value: '1' } }, true],
    [modified('equals', '2024-05-01T10:00:00Z'), true],
    [modified('greater', '2024-05-01T09:59:59Z'), true],
    [modified('lessEqual', '2024-05-01T09:59:59Z'), false],
    [{ ...version('greater', '10'), ...modified('less', '2024-01-01T00:00:00Z') }, false],
  ])('%j is %s', async (condition, expected) => {
    expect(await holds(condition)).toBe(expected);
  });

  it('says what was found', async () => {
    expect((await evaluate({ ...version('greater', '10'), ...modified('less', '2024-01-01T00:00:00Z') })).why).toBe(
      'file "C:\\Windows\\explorer.exe" (modified 2024-05-01T10:00:00Z, version 10.0.26100.1) modified less 2024-01-01T00:00:00Z and version greater 10 is false',
    );
    expect((await evaluate({ file: '%OSDisk%\\x' })).why).toBe(
      'file "%OSDisk%\\x" (not there: %OSDisk% is not set) exists is false',
    );
  });

  it('is not held against what is no version', async () => {
    const { message } = await refusal(version('equals', '%Drive%'), facts());
    expect(message).toContain('"C:" is no version');
  });
});

it.each<[object, boolean]>([
  [{ folder: '%SystemRoot%' }, true],
  [{ folder: 'D:\\Windows' }, false],
  [{ folder: 'C:\\Windows', modified: { operator: 'less', value: '2024-06-01T00:00:00Z' } }, true],
  [{ folder: 'C:\\Windows', modified: { operator: 'greater', value: '2024-06-01T00:00:00Z' } }, false],
])('a folder: %j is %s', async (condition, expected) => {
  expect(await holds(condition)).toBe(expected);
});

describe('the registry', () => {
  const value = (name: string, rest: object = {}) => ({ registry: 'HKLM\\SOFTWARE\\A', name, ...rest });

  it.each<[object, boolean]>([
    [{ registry: 'HKLM\\SOFTWARE\\A' }, true],
    [{ registry: 'hkey_local_machine\\SOFTWARE\\A\\' }, true],
    [{ registry: 'HKLM\\SOFTWARE\\B' }, false],
    [{ registry: 'HKLM\\SOFTWARE\\B', operator: 'notExists' }, true],
    [{ registry: 'HKLM\\SOFTWARE\\A', data: 'DEFAULT' }, true],
    [value('Text'), true],
    [value('Text', { type: 'REG_SZ' }), true],
    [value('Text', { type: 'REG_DWORD' }), false],
    [value('Text', { type: 'REG_DWORD', operator: 'notExists' }), true],
    [value('Text', { type: 'REG_DWORD', data: '1.10.0' }), true],
    [value('Text', { operator: 'greater', data: '1.9' }), true],
    [value('Text', { operator: 'greater', data: '1.9', compare: 'text' }), false],
    [value('Many', { data: 'one\ntwo' }), true],
    [value('Many', { data: 'one\r\ntwo\r\n' }), true],
    [value('Many', { data: 'one' }), false],
    [value('Number', { data: '10' }), true],
    [value('Number', { data: '%Wanted%' }), true],
    [value('Number', { data: '0x0A' }), true],
    [value('Number', { operator: 'greater', data: '9' }), true],
    [value('Number', { operator: 'less', data: 'ten' }), false],
    [value('Number', { operator: 'notEquals', data: 'ten' }), true],
    [value('Large', { operator: 'greater', data: '9223372036854775808' }), true],
    [value('Large', { operator: 'equals', data: '9223372036854775808' }), false],
    [value('Bytes', { data: '01 AB' }), true],
    [value('Bytes', { data: '0x01,0xab' }), true],
    [value('None', { data: 'x' }), false],
    [value('None', { operator: 'less', data: 'x' }), false],
    [value('None', { operator: 'notEquals', data: 'x' }), true],
    [{ registry: '%Nowhere%\\A', name: 'Text' }, false],
  ])('%j is %s', async (condition, expected) => {
    expect(await holds(condition)).toBe(expected);
  });

  it('says what was found', async () => {
    expect((await evaluate(value('Number', { operator: 'less', data: '0x10' }))).why).toBe(
      'registry "HKEY_LOCAL_MACHINE\\SOFTWARE\\A" value "Number" (REG_DWORD 10) less "0x10" is true',
    );
  });

  it('needs a root, also when a variable gives it', async () => {
    expect((await refusal({ registry: '%Drive%\\A' }, facts())).message).toContain(
      'begins with no root of the registry',
    );
  });
});

describe('the operating system', () => {
  it.each<[object, boolean]>([
    [{ version: { min: '10.0' } }, true],
    [{ version: { min: '10.0.22631.3156' } }, false],
    [{ version: { min: '10.0.22631.3155', max: '10.0.22631' } }, true],
    [{ version: { max: '10.0.22630' } }, false],
    [{ build: { min: 22000 } }, true],
    [{ build: { min: 22000, max: 22621 } }, false],
    [{ architecture: 'x64', productType: 'client' }, true],
    [{ architecture: 'arm64' }, false],
    [{ productType: 'server' }, false],
  ])('%j is %s', async (operatingSystem, expected) => {
    expect(await holds({ operatingSystem })).toBe(expected);
  });

  it('is a server also on a domain controller', async () => {
    const machine = { operatingSystem: { ...WINDOWS, productType: 'domain-controller' as const } };
    const { holds } = await evaluate({ operatingSystem: { productType: 'server' } }, facts({}, machine));
    expect(holds).toBe(true);
  });

  it.each<[unknown, boolean]>([
    [1031, true],
    ['de-DE', true],
    ['DE-de', true],
    [['en-US', 1031], true],
    [['en-US', 'de-AT'], false],
  ])('has the language %j: %s', async (osLanguage, expected) => {
    expect(await holds({ osLanguage })).toBe(expected);
  });

  it.each([{ operatingSystem: { build: { min: 1 } } }, { osLanguage: 1033 }])(
    '%j is not answered in a boot environment',
    async (condition) => {
      const error = await refusal(condition, facts());
      expect(error).toMatchObject({ code: 'CONDITION_NOT_EVALUATED', hint: expect.stringContaining('_SMSTSInWinPE') });
    },
  );
});

describe('software', () => {
  it.each<[object, boolean]>([
    [{ productCode: OFFICE.toLowerCase() }, true],
    [{ productCode: OFFICE, version: '16.0.4266.1001' }, true],
    [{ productCode: OFFICE, version: '16.0.1' }, false],
    [{ productCode: OFFICES }, false],
    [{ upgradeCode: OFFICES }, true],
    [{ upgradeCode: OFFICES, version: '15.0' }, true],
    [{ upgradeCode: OFFICES, operator: 'less', version: '16.0' }, false],
    [{ upgradeCode: OFFICE }, false],
  ])('%j is %s', async (software, expected) => {
    expect(await holds({ software })).toBe(expected);
  });
});

describe('a WQL query', () => {
  it('is answered by the inventory, after variables are replaced', async () => {
    const wql = "SELECT * FROM Win32_OperatingSystem WHERE Version LIKE '%Wanted%.%' AND BuildNumber >= 22000";
    expect(await evaluate({ wql })).toEqual({
      holds: true,
      why: `WQL "${wql.replace('%Wanted%', '10')}" (1 of 1 Win32_OperatingSystem; Version "10.0.22631", BuildNumber "22631") finds something is true`,
    });
  });

  it('may find nothing', async () => {
    expect((await evaluate({ wql: "select Model from win32_computersystem where model = 'x'" })).why).toBe(
      'WQL "select Model from win32_computersystem where model = \'x\'" (0 of 1 Win32_ComputerSystem; Model "Model 1") finds something is false',
    );
  });

  it('that cannot be answered is named, with the reason and what to do', async () => {
    const error = await refusal({ wql: 'SELECT * FROM Win32_Bios WHERE Versoin = 1' }, facts());
    expect(error).toMatchObject({
      code: 'CONDITION_NOT_EVALUATED',
      message:
        'the condition on wql "SELECT * FROM Win32_Bios WHERE Versoin = 1" cannot be evaluated: column 32: the inventory has no property Versoin of Win32_BIOS',
    });
    expect(error.hint).toContain('SMBIOSBIOSVersion');
  });

  it('becomes faulty by what a variable holds, and then says so', async () => {
    const known = facts();
    known.variables.set('Quote', "'");
    const wql = 'SELECT * FROM Win32_BIOS WHERE SerialNumber = %Quote%';
    expect((await refusal({ wql }, known)).message).toContain('has no end');
  });
});

describe('what cannot be evaluated', () => {
  const unseen = facts({
    registryKeyExists: async () => {
      throw new MediasmithError('CONDITION_NOT_EVALUATED', 'Linux has no registry', { hint: 'Ask elsewhere.' });
    },
  });
  const unknown = { registry: 'HKLM\\SOFTWARE\\A' };
  const yes = { variable: 'Drive' };
  const no = { variable: 'None' };

  it('is neither true nor false', async () => {
    expect(await refusal(unknown, unseen)).toMatchObject({
      code: 'CONDITION_NOT_EVALUATED',
      message: 'the condition on registry "HKLM\\SOFTWARE\\A" cannot be evaluated: Linux has no registry',
      hint: 'Ask elsewhere.',
    });
  });

  it.each<[object, boolean | undefined]>([
    [{ all: [unknown, no] }, false],
    [{ all: [unknown, yes] }, undefined],
    [{ any: [unknown, yes] }, true],
    [{ any: [unknown, no] }, undefined],
    [{ none: [unknown, yes] }, false],
    [{ none: [unknown, no] }, undefined],
    [{ any: [{ all: [unknown, no] }, yes] }, true],
    [{ all: [{ any: [unknown, no] }, no] }, false],
  ])('%j is %s', async (condition, expected) => {
    if (expected === undefined) expect((await refusal(condition, unseen)).message).toContain('Linux has no registry');
    else expect((await evaluate(condition, unseen)).holds).toBe(expected);
  });

  it('is in the line that says why', async () => {
    expect((await evaluate({ any: [unknown, yes] }, unseen)).why).toBe(
      'any of (the condition on registry "HKLM\\SOFTWARE\\A" cannot be evaluated: Linux has no registry, which decides nothing here, Drive ("C:") exists is true) is true',
    );
  });

  it('lets bugs through as they are', async () => {
    const broken = facts({
      folder: async () => {
        throw new TypeError('a bug');
      },
    });
    await expect(evaluate({ any: [{ folder: 'C:\\' }, yes] }, broken)).rejects.toThrow(TypeError);
  });
});
