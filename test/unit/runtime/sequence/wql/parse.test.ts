import { describe, expect, it } from 'vitest';
import { parseWql } from '../../../../../runtime/sequence/wql/parse.ts';
import { QUERY_CHARACTERS } from '../../../../../runtime/sequence/wql/tokens.ts';
import { WqlError } from '../../../../../runtime/sequence/wql/wql-error.ts';

/** What a WHERE is understood as, with all parentheses. */
function where(expression: string): string {
  const { where: parsed } = parseWql(`SELECT * FROM C WHERE ${expression}`);
  if (parsed === undefined) throw new Error('no WHERE');
  return draw(parsed);
}

function draw(expression: NonNullable<ReturnType<typeof parseWql>['where']>): string {
  if (expression.kind === 'and' || expression.kind === 'or') {
    return `(${expression.parts.map(draw).join(` ${expression.kind} `)})`;
  }
  if (expression.kind === 'not') return `not ${draw(expression.part)}`;
  const { text } = expression.property;
  if (expression.kind === 'null') return `${text} is null`;
  if (expression.kind === 'like') return `${text} like ${JSON.stringify(expression.pattern)}`;
  return `${text} ${expression.operator} ${JSON.stringify(expression.literal.value)}`;
}

function refusal(query: string): WqlError {
  try {
    parseWql(query);
  } catch (error) {
    if (error instanceof WqlError) return error;
    throw error;
  }
  throw new Error('no refusal');
}

it('reads what is selected from what', () => {
  expect(parseWql('SELECT * FROM Win32_BIOS')).toEqual({
    properties: [],
    className: { text: 'Win32_BIOS', column: 15 },
    where: undefined,
  });
  expect(parseWql(' select\tModel , Name\r\nfrom c ').properties.map(({ text }) => text)).toEqual(['Model', 'Name']);
});

it.each([
  ['a = 1 OR b = 2 AND c = 3', '(a = 1 or (b = 2 and c = 3))'],
  ['(a = 1 OR b = 2) AND c = 3', '((a = 1 or b = 2) and c = 3)'],
  ['NOT a = 1 AND b = 2', '(not a = 1 and b = 2)'],
  ['NOT (a = 1 AND b = 2)', 'not (a = 1 and b = 2)'],
  ['NOT NOT a = 1', 'a = 1'],
  ['NOT a LIKE "1.2"', 'not a like "1.2"'],
  ['((a=1))', 'a = 1'],
  ['a != 1 and b <> 1', '(a <> 1 and b <> 1)'],
  ['a<1 or a<=1 or a>1 or a>=1', '(a < 1 or a <= 1 or a > 1 or a >= 1)'],
  ['1 < a', 'a > 1'],
  ['1 >= a', 'a <= 1'],
  ["'x' = a", 'a = "x"'],
  ['a IS NULL', 'a is null'],
  ['a IS NOT NULL', 'not a is null'],
  ['a = NULL', 'a is null'],
  ['NULL <> a', 'not a is null'],
  ['a = TRUE or a = false', '(a = true or a = false)'],
  ['a = -5', 'a = -5'],
  ['a = 0x1F', 'a = 31'],
  ['a = -0x10', 'a = -16'],
  ['a = 1.5', 'a = 1.5'],
  ['a = 8e3', 'a = 8000'],
  [`a = 'it\\'s'`, `a = "it's"`],
  ['a = "say \\"x\\""', 'a = "say \\"x\\""'],
  [`a = "it's"`, `a = "it's"`],
  ["a = 'C:\\\\x'", 'a = "C:\\\\x"'],
  ["a = 'PCI\\VEN_8086'", 'a = "PCI\\\\VEN_8086"'],
  ["a = ''", 'a = ""'],
])('%s is read as %s', (expression, expected) => {
  expect(where(expression)).toBe(expected);
});

describe('what is refused', () => {
  it.each<[string, number, string]>([
    ['', 1, 'SELECT is expected, and the query ends'],
    ['SELECT * FORM C', 10, 'FROM is expected, and there is FORM'],
    ['SELECT * FROM', 14, 'the name of a class is expected, and the query ends'],
    ['SELECT * FROM C WHERE', 22, 'the name of a property is expected, and the query ends'],
    ['SELECT * FROM C WHERE a', 24, '=, <>, <, <=, >, >=, LIKE or IS is expected, and the query ends'],
    [
      'SELECT * FROM C WHERE a = ',
      27,
      'a text in quotes, a number, TRUE, FALSE or NULL is expected, and the query ends',
    ],
    ['SELECT * FROM C WHERE a = b', 27, 'a text in quotes, a number, TRUE, FALSE or NULL is expected, and there is b'],
    ['SELECT * FROM C WHERE 1 = 2', 27, 'the name of a property is expected, and there is 2'],
    ['SELECT * FROM C WHERE (a = 1', 29, ') is expected, and the query ends'],
    ['SELECT * FROM C WHERE a = 1)', 28, 'AND, OR or the end of the query is expected, and there is )'],
    ['SELECT * FROM C, D', 16, 'WHERE or the end of the query is expected, and there is ,'],
    ['SELECT * FROM C WHERE a LIKE 5', 30, 'a text in quotes is expected, and there is 5'],
    ['SELECT * FROM C WHERE a NOT LIKE "x"', 25, 'NOT stands before a comparison'],
    ['SELECT * FROM C WHERE a IS 5', 28, 'NULL is expected, and there is 5'],
    ['SELECT * FROM C WHERE a < NULL', 27, 'nothing is < NULL'],
    ['SELECT * FROM C WHERE a = "x', 27, 'the text that begins with " has no end'],
    ['SELECT * FROM C WHERE a = ‘x’', 27, '‘ is no quote of WQL'],
    ['SELECT * FROM C WHERE a = 12ab', 27, 'this is no number'],
    ['SELECT * FROM C WHERE a & 1', 25, '"&" has no meaning here'],
    ['SELECT * FROM C;', 16, '";" has no meaning here'],
    ["ASSOCIATORS OF {Win32_Disk.Id='x'}", 16, '"{" has no meaning here'],
    ['references of x', 1, 'REFERENCES OF is not supported'],
    ['SELECT COUNT(*) FROM C', 8, 'COUNT(...) is not supported'],
    ['SELECT a.b FROM C', 9, 'an embedded object is not supported'],
    ['SELECT * FROM __InstanceCreationEvent WITHIN 5', 39, 'WITHIN is not supported'],
    ['SELECT * FROM C WHERE a = 1 GROUP BY a', 29, 'GROUP is not supported'],
    ['SELECT * FROM C ORDER BY a', 17, 'ORDER is not supported'],
    ["SELECT * FROM C WHERE a ISA 'x'", 25, 'ISA is not supported'],
    ['SELECT * FROM C WHERE a IN (1)', 25, 'IN is not supported'],
  ])('%s at column %i: %s', (query, column, message) => {
    expect(refusal(query)).toMatchObject({ column, message });
  });

  it('parentheses beyond what is allowed', () => {
    const nested = (depth: number) => `SELECT * FROM C WHERE ${'('.repeat(depth)}a = 1${')'.repeat(depth)}`;
    expect(parseWql(nested(64)).where).toMatchObject({ kind: 'compare' });
    expect(refusal(nested(65)).message).toBe('more than 64 parentheses in each other');
    expect(refusal(nested(8_000)).message).toBe('more than 64 parentheses in each other');
  });

  it('a query that is too long', () => {
    expect(refusal(' '.repeat(QUERY_CHARACTERS + 1)).message).toContain('16385 characters');
  });
});
