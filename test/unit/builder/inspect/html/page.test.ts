import { describe, expect, it } from 'vitest';
import { html, textOf } from '../../../../../builder/inspect/html/markup.ts';
import { mediumPage } from '../../../../../builder/inspect/html/page.ts';
import type { MediumDocument } from '../../../../../builder/inspect/medium-document.ts';
import { VERSION } from '../../../../../runtime/contract/version.ts';
import { richMedium } from '../../../../helpers/medium-document.ts';

const NOW = new Date('2026-05-04T10:00:00Z');
const pageOf = (wish: Partial<MediumDocument> = {}): string => mediumPage(richMedium(wish), NOW);
const textsOf = (page: string): string => page.replace(/<[^>]*>/g, '');

describe('the page of a medium', () => {
  it('has everything, and is the same each time', async () => {
    await expect(pageOf().replaceAll(`asmith ${VERSION}`, 'asmith VERSION')).toMatchFileSnapshot('page.golden.html');
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    for (const [, end, name = ''] of pageOf().matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (['meta', 'br'].includes(name)) continue;
      if (end === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it('takes nothing from elsewhere and runs nothing', () => {
    const page = pageOf();
    expect(page).not.toMatch(/<(script|link|img|iframe|object|form|base)|\bon[a-z]+=|\b(src|href)=|url\(|@import/i);
  });

  it('warns of what is not to be used', () => {
    const expired = pageOf({ validity: { from: null, until: '2026-01-01T00:00:00Z', now: 'expired' } });
    expect(expired).toContain('<p class="warning">This medium has expired');
    const early = pageOf({ validity: { from: '2027-01-01T00:00:00Z', until: null, now: 'not-yet' } });
    expect(early).toContain('<p class="warning">This medium is not valid yet');
    const altered = pageOf({ signature: { state: 'invalid', keyId: null, reason: 'does not fit the manifest' } });
    expect(altered).toContain('<p class="warning">The signature of this medium is wrong');
    expect(pageOf()).not.toContain('class="warning">');
  });

  it.each<[string, Partial<MediumDocument>, RegExp]>([
    ['a stick', {}, /Put it into the machine.*UEFI: the one.*BIOS, or a UEFI/s],
    ['an ISO file', { type: 'iso', device: false, stick: null }, /Write the ISO onto a stick/],
    ['an image of a stick', { device: false }, /Write the image onto a stick/],
    ['a prestaged disk', { prestaged: true }, /Put this disk into the machine.*Where it does not start/s],
    ['what is laid onto one', { type: 'wim', device: false, stick: null, prestaged: true }, /Lay it onto the disk/],
    ['a disc of a set', { type: 'iso', stick: null, discs: 3 }, /Put disc 1 of 3/],
    ['a PXE tree', { type: 'pxe', firmware: [] }, /from the network/],
    ['a volume with the data only', { type: 'folder', firmware: [] }, /on the other volume of a stick/],
    ['a sealed one', { sealed: true, unattended: true }, /Type the password\. It asks nothing more: .*OVERWRITTEN/],
  ])('says how to start %s', (_, wish, words) => {
    expect(textsOf(pageOf(wish))).toMatch(words);
  });

  it('names no firmware that does not start it', () => {
    expect(textsOf(pageOf({ firmware: ['UEFI'] }))).not.toContain('BIOS, or a UEFI');
    expect(textsOf(pageOf({ firmware: ['BIOS'] }))).not.toContain('UEFI: the one');
  });

  it.each([
    ['winpe', '2023', true],
    ['winpe', '2011', true],
    ['winpe', 'other', false],
    ['winpe', 'mixed', false],
    ['linux', 'unsigned', false],
    ['linux', 'Microsoft UEFI CA 2023', true],
  ] as const)('says of %s with %s whether Secure Boot may stay on: %s', (kind, signing, on) => {
    const text = textsOf(
      pageOf({ bootEnvironments: [{ kind, architecture: 'x64', signing, files: [], drivers: [] }] }),
    );
    expect(text.includes('Secure Boot may stay on')).toBe(on);
    expect(text.includes('Secure Boot must be switched off')).toBe(!on);
  });

  it('has the digest of the manifest in groups', () => {
    const manifestSha256 = '0123456789abcdef'.repeat(4);
    const [, digest = ''] = /<p class="hash"><code>(.*?)<\/code>/.exec(pageOf({ manifestSha256 })) ?? [];
    expect(digest.replaceAll(' ', '')).toBe(manifestSha256);
  });
});

describe('a medium cannot put anything into its page', () => {
  const BAD = [
    '</title><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '<!-- ',
    ']]>',
    '&lt;b&gt;',
    '</style><script>',
    '\u202egnp.exe\u2066',
    'a\u0000\u001b[2Jb\nc',
    '\ud800',
    '{"#text":"<script>"}',
  ];

  /** The same document with this text for every text in it that is free. */
  function filled<T>(value: T, text: string, key = ''): T {
    if (Array.isArray(value)) return value.map((item) => filled(item, text, key)) as T;
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filled(item, text, name)])) as T;
    }
    const fixed = ['type', 'part', 'kind', 'state', 'now', 'at', 'from', 'until', 'layout', 'fileSystem', 'firmware'];
    return typeof value === 'string' && !fixed.includes(key) ? (text as T) : value;
  }

  const tagsOf = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];
  const without = filled(richMedium(), 'x');

  it.each(BAD)('%j', (text) => {
    const page = mediumPage(filled(richMedium(), text), NOW);
    expect(tagsOf(page)).toEqual(tagsOf(mediumPage(without, NOW)));
    expect(page).not.toMatch(/[^\P{Cc}\n]|[\p{Cs}\u202e\u2066]/u);
  });

  it('not even with what looks like markup of ours', () => {
    const fake = { '#text': '<b>', text: '<b>', raw: ['<b>'] } as unknown as string;
    expect(textOf(html`${[html`<i>`, '<b>', 1]}`)).toBe('<i>&lt;b&gt;1');
    expect(() => textOf(html`${fake}`)).toThrow();
  });

  it('but letters of every script stay', () => {
    expect(pageOf({ name: 'שלום Größe 工場' })).toContain('<h1><bdi>שלום Größe 工場</bdi></h1>');
  });
});
