import { describe, expect, it } from 'vitest';
import { queryMachine } from '../../../../../runtime/sequence/wql/query.ts';
import { QUERY_CHARACTERS } from '../../../../../runtime/sequence/wql/tokens.ts';
import { WqlError } from '../../../../../runtime/sequence/wql/wql-error.ts';
import { growth, LINEAR } from '../../../../helpers/growth.ts';
import { aMachine } from '../../../../helpers/machine.ts';

const NAMESPACE = 'root\\cimv2';
const PIECES = [
  ...['SELECT', 'FROM', 'WHERE', 'AND', 'OR', 'NOT', 'LIKE', 'IS', 'NULL', 'TRUE', 'ISA', 'GROUP', '*', ',', '(', ')'],
  ...[
    '=',
    '<>',
    '<',
    '>=',
    '!=',
    '!',
    '.',
    ';',
    '{',
    '\\',
    "'",
    '"',
    "'a%'",
    '"[a-"',
    "'[^]'",
    '1',
    '0x',
    '0xF',
    '-',
    '1e9',
  ],
  ...[
    'Win32_BIOS',
    'Win32_ComputerSystem',
    'Model',
    'Manufacturer',
    'SerialNumber',
    'TotalPhysicalMemory',
    'é',
    '\0',
    '\n',
  ],
];

/** Numbers from 0 to below 1, always the same ones. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function answer(query: string): 'answered' | 'refused' {
  try {
    queryMachine(query, NAMESPACE, aMachine());
    return 'answered';
  } catch (error) {
    if (!(error instanceof WqlError)) throw error;
    expect(error.column ?? 1).toBeGreaterThanOrEqual(1);
    expect(error.column ?? 1).toBeLessThanOrEqual(query.length + 1);
    return 'refused';
  }
}

describe('whatever is asked', () => {
  it('is answered or refused, and nothing else happens', () => {
    const next = numbers(4);
    const pick = () => PIECES[Math.floor(next() * PIECES.length)] ?? '';
    const answers = { answered: 0, refused: 0 };
    for (let round = 0; round < 20_000; round++) {
      const rest = Array.from({ length: Math.floor(next() * 9) }, pick).join(next() < 0.9 ? ' ' : '');
      const start =
        ['', 'SELECT * FROM Win32_BIOS ', 'SELECT * FROM Win32_ComputerSystem WHERE Model '][round % 3] ?? '';
      answers[answer(start + rest)] += 1;
    }
    expect(answers.answered).toBeGreaterThan(100);
    expect(answers.refused).toBeGreaterThan(10_000);
  });

  it.each([
    ['NOT', (size: number) => `SELECT * FROM Win32_BIOS WHERE ${'NOT '.repeat(size / 4)}Name = 1`],
    ['OR', (size: number) => `SELECT * FROM Win32_BIOS WHERE Name = 1${' OR Name = 1'.repeat(size / 12)}`],
    ['parentheses', (size: number) => `SELECT * FROM Win32_BIOS WHERE ${'('.repeat(size)}`],
    ['a text without an end', (size: number) => `SELECT * FROM Win32_BIOS WHERE Name = '${'\\'.repeat(size)}`],
    ['blanks', (size: number) => `SELECT${' '.repeat(size)}é`],
    ['digits', (size: number) => `SELECT * FROM Win32_BIOS WHERE Name = ${'1'.repeat(size)}x`],
    ['open brackets', (size: number) => `SELECT * FROM Win32_BIOS WHERE Name LIKE '${'['.repeat(size)}'`],
    ['a long name', (size: number) => `SELECT * FROM ${'x'.repeat(size)}`],
  ])('of a query up to the greatest length, full of %s, the time grows with it', (_, query) => {
    const greatest = QUERY_CHARACTERS - 100;
    expect(query(greatest).length).toBeLessThanOrEqual(QUERY_CHARACTERS);
    expect(growth((size) => answer(query(size)), Math.floor(greatest / 4))).toBeLessThan(LINEAR);
  });

  // One that tries every place for every wildcard would not end before the test does.
  it('a pattern of many wildcards is no bomb', () => {
    const machine = aMachine({ model: 'a'.repeat(4000) });
    const query = `SELECT * FROM Win32_ComputerSystem WHERE Model LIKE '${'%a'.repeat(4000)}%b'`;
    expect(queryMachine(query, NAMESPACE, machine)).toBeDefined();
    const sets = `SELECT * FROM Win32_ComputerSystem WHERE Model LIKE '%${'[a-z]'.repeat(2000)}b'`;
    expect(queryMachine(sets, NAMESPACE, machine)).toBeDefined();
  });
});
