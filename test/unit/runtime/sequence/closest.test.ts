import { expect, it } from 'vitest';
import { closest } from '../../../../runtime/sequence/closest.ts';

const WORDS = ['condition', 'continueOnError', 'command', 'name', 'step'];

it.each([
  ['conditon', 'condition'],
  ['CONDITION', 'condition'],
  ['continueonerror', 'continueOnError'],
  ['comand', 'command'],
  ['nmae', 'name'],
  ['nam', 'name'],
  ['steps', 'step'],
  ['enabled', undefined],
  ['', undefined],
])('%s means %s', (word, meant) => {
  expect(closest(word, WORDS)).toBe(meant);
});

it('takes the nearest, and of equals the first', () => {
  expect(closest('abcd', ['abxx', 'abcx', 'abcy'])).toBe('abcx');
  expect(closest('abc', [])).toBeUndefined();
});
