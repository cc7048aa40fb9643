import { describe, expect, it } from 'vitest';
import { importText } from './import-text.ts';
import { expressionXml, sequenceXml, stepXml } from './source-xml.ts';

const variable = (operator: string, value: string, name = 'Wanted'): string =>
  expressionXml('Variable', { Operator: operator, Value: value, Variable: name });

function conditionOf(inside: string): { condition: unknown; changed: string[] } {
  const step = stepXml({ type: '', action: 'a.exe', condition: `<condition>${inside}</condition>` });
  const { entries, report } = importText(sequenceXml(step));
  return { condition: entries[0]?.condition, changed: report.changed.map(({ what }) => what) };
}

describe('conditions', () => {
  it.each<[string, string, object]>([
    ['a variable', variable('Equals', 'x'), { variable: 'Wanted', operator: 'equals', value: 'x' }],
    ['a variable that is there', variable('exists', ''), { variable: 'Wanted', operator: 'exists' }],
    ['an order of variables', variable('greaterEqual', '6'), { operator: 'greaterEqual', value: '6', compare: 'auto' }],
    ['a pattern', variable('like', '*Dell*'), { operator: 'like', value: '*Dell*' }],
    [
      'WMI',
      expressionXml('WMI', { Namespace: 'root\\cimv2', Query: "SELECT * FROM Win32_BIOS\n WHERE Name LIKE 'N%'" }),
      { wql: "SELECT * FROM Win32_BIOS WHERE Name LIKE 'N%'" },
    ],
    [
      'WMI of another namespace',
      expressionXml('WMI', { Namespace: 'root\\wmi', Query: 'SELECT * FROM X' }),
      { wql: 'SELECT * FROM X', namespace: 'root\\wmi' },
    ],
    ['a file', expressionXml('File', { Path: 'C:\\a.exe' }), { file: 'C:\\a.exe' }],
    [
      'a file with version and time',
      expressionXml('File', {
        Path: 'C:\\a.exe',
        Version: '1.2.3.4',
        VersionOperator: 'greaterEqual',
        DateTime: '20240131120000.000000+000',
        DateTimeOperator: 'less',
      }),
      {
        file: 'C:\\a.exe',
        version: { operator: 'greaterEqual', value: '1.2.3.4' },
        modified: { operator: 'less', value: '2024-01-31T12:00:00Z' },
      },
    ],
    ['a folder', expressionXml('Folder', { Path: '%OSDisk%\\Drivers' }), { folder: '%OSDisk%\\Drivers' }],
    [
      'a registry value',
      expressionXml('Registry', {
        KeyPath: 'HKLM\\Software\\A',
        Value: 'B',
        Operator: 'greater',
        Data: '3',
        Type: 'REG_DWORD',
      }),
      { registry: 'HKLM\\Software\\A', name: 'B', operator: 'greater', data: '3' },
    ],
    [
      'a registry value that is not there',
      expressionXml('Registry', { KeyPath: 'HKLM\\Software\\A', Value: 'B', Operator: 'nonExists', Type: 'REG_SZ' }),
      { registry: 'HKLM\\Software\\A', name: 'B', operator: 'notExists', type: 'REG_SZ' },
    ],
    [
      'a product',
      expressionXml('Software', {
        Operator: 'ThisVersion',
        ProductCode: '{90160000-0011-0000-0000-0000000FF1CE}',
        ProductName: 'Office',
      }),
      { software: { productCode: '{90160000-0011-0000-0000-0000000FF1CE}', name: 'Office' } },
    ],
    [
      'any version of a product',
      expressionXml('Software', { Operator: 'AnyVersion', UpgradeCode: '{00160000-0011-0000-0000-0000000FF1CE}' }),
      { software: { upgradeCode: '{00160000-0011-0000-0000-0000000FF1CE}' } },
    ],
    [
      "MDT's operating system",
      expressionXml('OS', { Architecture: 'X64', Version: '6.10.7601.1', Operator: 'greaterEqual' }),
      { operatingSystem: { architecture: 'x64', version: { min: '6.1.7601' } } },
    ],
    [
      'one operating system',
      expressionXml('OS', { Architecture: 'X86', Version: '10.00.10240.0', Operator: 'equals' }),
      { operatingSystem: { architecture: 'x86', version: { min: '10.0.10240', max: '10.0.10240' } } },
    ],
  ])('reads %s', (_name, xml, expected) => {
    expect(conditionOf(xml)).toMatchObject({ condition: expected, changed: [] });
  });

  it('reads and, or, not and the groups of operating systems, however nested', () => {
    const [a, b] = [variable('equals', 'a'), variable('equals', 'b')];
    const os = `<osConditionGroup type="or"><osExpressionGroup Name="x" type="and">${a}${b}</osExpressionGroup>${a}</osConditionGroup>`;
    const { condition } = conditionOf(
      `${a}<operator type="or">${a}<operator type="not">${a}${b}</operator></operator>${os}`,
    );
    const [is, other] = [{ value: 'a' }, { value: 'b' }];
    expect(condition).toMatchObject({
      all: [is, { any: [is, { none: [is, other] }] }, { any: [{ all: [is, other] }, is] }],
    });
  });

  it.each([
    ['an unknown kind', expressionXml('Moon', { Phase: 'full' }), /SMS_TaskSequence_MoonConditionExpression/],
    ['an unknown operator', variable('rhymes', 'x'), /the operator "rhymes"/],
    ['a name no variable has', variable('equals', 'x', 'two words'), /variable/],
    ['an empty group', '<operator type="and"></operator>', /an empty "and"/],
    ['a query that is none', expressionXml('WMI', { Namespace: 'root\\cimv2', Query: 'DROP TABLE x' }), /column/],
  ])('disables a step whose condition is %s, and says why', (_name, xml, reason) => {
    const { condition, changed } = conditionOf(xml);
    expect(condition).toBeUndefined();
    expect(changed[0]).toMatch(reason);
    const step = stepXml({ type: '', action: 'a.exe', condition: `<condition>${xml}</condition>` });
    expect(importText(sequenceXml(step)).entries[0]).toMatchObject({ enabled: false });
  });
});
