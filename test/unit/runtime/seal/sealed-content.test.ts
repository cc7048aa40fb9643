import { describe, expect, it } from 'vitest';
import { encryptTo, makeAgeKeys } from '../../../../runtime/seal/age.ts';
import { openContent, openIdentity, sealContent } from '../../../../runtime/seal/sealed-content.ts';
import { CHEAP, PASSWORD } from '../../../helpers/sealed-medium.ts';

const CONTENT = {
  formatVersion: 1 as const,
  sequences: [{ id: 'a', name: 'A title', document: { steps: [1] } }],
  variables: [{ name: 'Pin', value: '4711', secret: true }],
  machines: { formatVersion: 1 as const, collections: [{ name: 'all', variables: { Site: 'Berlin' } }], machines: [] },
  preferredSequence: 'a',
};

describe('sealed content', () => {
  it('comes back as it was', async () => {
    const { identity, sealed } = await sealContent(CONTENT, PASSWORD, CHEAP);
    const opened = await openIdentity(identity, PASSWORD);
    expect(opened).toMatch(/^AGE-SECRET-KEY-1\w+$/);
    expect(await openContent(sealed, opened ?? '')).toEqual(CONTENT);
    expect(await openIdentity(identity, 'wrong')).toBeUndefined();
  });

  it('opens whether a letter and its accent were written as one character or as two', async () => {
    for (const [file, typed] of [
      ['Schl\u00fcssel', 'Schlu\u0308ssel'],
      ['Schlu\u0308ssel', 'Schl\u00fcssel'],
    ] as const) {
      const { identity } = await sealContent(CONTENT, file, CHEAP);
      expect(await openIdentity(identity, typed)).toMatch(/^AGE-SECRET-KEY/);
    }
  });

  it('shows nothing of itself, and never has the same bytes', async () => {
    const [one, other] = [await sealContent(CONTENT, PASSWORD, CHEAP), await sealContent(CONTENT, PASSWORD, CHEAP)];
    const bytes = Buffer.concat([one.identity, one.sealed]);
    for (const text of ['A title', '4711', 'Berlin', 'Pin', 'AGE-SECRET-KEY', PASSWORD])
      expect(bytes.includes(text)).toBe(false);
    expect(Buffer.from(one.identity).equals(other.identity)).toBe(false);
    expect(Buffer.from(one.sealed).equals(other.sealed)).toBe(false);
  });

  it('of a later version is refused', async () => {
    const { identity, recipient } = await makeAgeKeys();
    const later = await encryptTo('{"formatVersion":2}', recipient);
    await expect(openContent(later, identity)).rejects.toThrow('formatVersion');
  });
});
