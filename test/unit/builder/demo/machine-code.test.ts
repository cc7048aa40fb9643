import { expect, test } from 'vitest';
import { codeLength, type Instruction, machineCode } from '../../../../builder/demo/machine-code.ts';

const listing: readonly Instruction[] = [
  ['be {abs16:text}', 'mov si, text'],
  ['ac', 'next: lodsb'],
  ['74 {rel8:end}', 'jz end'],
  ['eb {rel8:next}', 'jmp next'],
  ['48 8d 15 {rel32:text}', 'end: lea rdx, [rip+text]'],
];

test('distances count from the end of their instruction, addresses from the start of the listing', () => {
  expect(Buffer.from(machineCode(listing, { text: 0x1234 })).toString('hex')).toBe('be3412ac7402ebfb488d1525120000');
  expect(codeLength(listing)).toBe(15);
});

test('a place that nobody names, and a jump beyond its reach, are refused', () => {
  expect(() => machineCode(listing, {})).toThrow('no place for text in: mov si, text');
  expect(() => machineCode([['eb {rel8:far}', 'jmp far']], { far: 200 })).toThrow('too far away');
});
