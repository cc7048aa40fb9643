import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CONDITION_DEPTH, Condition, variablesRead } from '../../../../runtime/sequence/condition.ts';
import { checkDocument } from '../../../../runtime/sequence/document.ts';

/** What is found in a condition, as `line:column message | hint`. */
function findings(condition: unknown): string[] {
  const schema = z.strictObject({ condition: Condition });
  const text = JSON.stringify({ condition });
  return checkDocument(schema, text, 'f.json', 'SEQUENCE_INVALID').problems.map(
    ({ message, hint }) => `${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
}

function nested(depth: number): unknown {
  let condition: unknown = { variable: 'A' };
  for (let level = 0; level < depth; level++) condition = { [level % 2 === 0 ? 'all' : 'none']: [condition] };
  return condition;
}

describe('what is wrong', () => {
  it.each<[unknown, string[]]>([
    [{ regestry: 'HKLM\\A' }, ['condition.regestry: there is no such condition; did you mean "registry"?']],
    [{ all: [{ fil: 'x' }] }, ['condition.all.0.fil: there is no such condition; did you mean "file"?']],
    [{}, [expect.stringContaining('it has one of the keys all, any, none, variable')]],
    [
      { any: [{ variable: 'A' }], file: 'x' },
      ['condition: one condition asks both any and file: put them into "all", each by itself'],
    ],
    [{ file: 'x', versoin: {} }, ['unknown key "versoin" | Did you mean "version"?']],
    [
      { file: 'x', version: { operator: 'lesss', value: '1' } },
      ['condition.version.operator: "lesss" is not known here | Did you mean "less"?'],
    ],
    [
      { file: 'x', version: { operator: 'less', value: '1.x' } },
      [
        'condition.version.value: a version has up to four numbers with dots between: 10.0.26100.1 | (value: 10.0.26100.1, or fewer numbers; %variables% are replaced first)',
      ],
    ],
    [
      { folder: 'x', modified: { operator: 'less', value: 'May' } },
      [expect.stringContaining('condition.modified.value')],
    ],
    [{ registry: 'SOFTWARE\\A' }, [expect.stringContaining('condition.registry: a registry key begins with its root')]],
    [{ registry: 'HKLM\\A', operator: 'less' }, [expect.stringContaining('data')]],
    [{ operatingSystem: {} }, [expect.stringContaining('asks nothing')]],
    [{ osLanguage: 'de-DD' }, ['condition.osLanguage: "de-DD" is no language known here; did you mean "de-DE"?']],
    [{ software: { productCode: '90160000' } }, [expect.stringContaining('has the form {GUID}')]],
    [{ wql: 'SELECT * FORM Win32_BIOS' }, ['condition.wql: column 10: FROM is expected, and there is FORM']],
  ])('in %j is said', (condition, expected) => {
    expect(findings(condition)).toEqual(expected);
  });

  it('is a query that is too long', () => {
    expect(findings({ wql: `SELECT * FROM ${'x'.repeat(16_384)}` })).toEqual([expect.stringContaining('16384')]);
  });

  it('is nothing in a query that variables complete', () => {
    expect(findings({ wql: 'SELECT * FROM %Class% WHERE Model = %Model%' })).toEqual([]);
  });
});

describe('depth', () => {
  it('may be as much as is allowed', () => {
    expect(Condition.safeParse(nested(CONDITION_DEPTH)).success).toBe(true);
  });

  it('beyond that is refused without being followed', () => {
    expect(findings(nested(CONDITION_DEPTH + 1))).toEqual([
      'condition: conditions stand in each other more than 64 deep',
    ]);
    const { success, error } = Condition.safeParse(nested(100_000));
    expect([success, error?.issues.map(({ message }) => message)]).toEqual([
      false,
      ['conditions stand in each other more than 64 deep'],
    ]);
  });
});

it('is described field by field', () => {
  const schema = JSON.stringify(z.toJSONSchema(Condition, { io: 'input', unrepresentable: 'any' }));
  for (const field of ['"wql"', '"osLanguage"', '"productCode"', '"all"', '"registry"', '"$ref"']) {
    expect(schema).toContain(field);
  }
});

it.each<[unknown, string[]]>([
  [{ variable: 'A', value: '%B%-%a%' }, ['A', 'B']],
  [{ file: '%OSDisk%\\%SystemRoot%', version: { operator: 'less', value: '%V%' } }, ['OSDisk', 'V']],
  [{ folder: '%ProgramFiles(x86)%\\%Name%' }, ['Name']],
  [{ registry: '%Key%', name: 'x', data: '%Data%' }, ['Key', 'Data']],
  [{ wql: "SELECT * FROM Win32_ComputerSystem WHERE Model LIKE '%Dell%' OR Model = '%Wanted%'" }, ['Wanted']],
  [{ all: [{ any: [{ variable: 'A' }] }, { none: [{ variable: 'B' }, { osLanguage: 1031 }] }] }, ['A', 'B']],
  [{ operatingSystem: { build: { min: 1 } } }, []],
])('%j reads %j', (condition, expected) => {
  expect(variablesRead(Condition.parse(condition))).toEqual(expected);
});
