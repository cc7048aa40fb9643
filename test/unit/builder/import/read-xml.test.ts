import { describe, expect, it } from 'vitest';
import { readXml } from '../../../../builder/import/read-xml.ts';
import { XML_LIMITS } from '../../../../builder/import/xml-limits.ts';
import { isMediasmithError } from '../../../../runtime/contract/errors.ts';
import { growth, LINEAR } from '../../../helpers/growth.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('readXml', () => {
  it.each([
    ['UTF-8', bytes('<a b="ü">é</a>')],
    ['UTF-8 with its mark', bytes([0xef, 0xbb, 0xbf], '<a b="ü">é</a>')],
    ['UTF-16 little-endian', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('<a b="ü">é</a>', 'utf16le')])],
    [
      'UTF-16 big-endian',
      Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from('<a b="ü">é</a>', 'utf16le').swap16()]),
    ],
    ['UTF-16 without a mark', Buffer.from('<a b="ü">é</a>', 'utf16le')],
    ['UTF-8 that says it is UTF-16', bytes('<?xml version="1.0" encoding="utf-16"?><a b="ü">é</a>')],
    ['windows-1252', Buffer.from('<?xml version="1.0" encoding="windows-1252"?><a b="ü">é</a>', 'latin1')],
  ])('reads %s', (_name, source) => {
    const root = readXml(source, 'file.xml');
    expect(root).toMatchObject({ name: 'a', text: 'é' });
    expect(root.attributes.get('b')).toBe('ü');
  });

  it('keeps text, CDATA, references and places', () => {
    const root = readXml('<a>\n  <b>1 &lt; 2 <![CDATA[& <3>]]> &#x20AC;</b></a>', 'file.xml');
    expect(root.children[0]).toMatchObject({ text: '1 < 2 & <3> €', line: 2, column: 3 });
  });

  it.each([
    ['a document type', '<!DOCTYPE a><a/>', /declares a document type or entities \(line 1, column 1\)/],
    [
      'an entity bomb',
      '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><a>&y;</a>',
      /line 2, column 1/,
    ],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', /document type/],
    ['an entity nobody declared', '<a>&x;</a>', /not well-formed/],
    ['an end that is missing', '<a>\n<b>', /not well-formed XML: line \d, column \d/],
    ['a wrong end', '<a>\n <b></a></b>', /line 2, column 2: Opening and ending tag mismatch: "b" != "a"$/],
    ['an attribute without quotes', '<a b=c/>', /not well-formed/],
    ['an attribute twice', '<a b="1" b="2"/>', /not well-formed/],
    ['two roots', '<a/><b/>', /not well-formed/],
    ['nothing', '', /not well-formed/],
    ['no XML', 'PK\u0003\u0004', /U\+0003 at line 1, column 3/],
    ['a NUL', '<a>\n\0</a>', /U\+0000 at line 2, column 1/],
    ['a NUL by reference', '<a>\n<b>&#0;</b></a>', /line 2, column 1: it has a character/],
    ['UTF-7', '<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-', /written in "utf-7"/],
    ['what is not in its encoding', bytes('<a>', [0xff], '</a>'), /is not text in UTF-8/],
    [
      'too many attributes',
      `<a ${Array.from({ length: 101 }, (_, i) => `a${i}=""`).join(' ')}/>`,
      /too many attributes/,
    ],
    ['too many namespaces', `<a>${'<b xmlns:x="y"/>'.repeat(101)}</a>`, /too many namespaces/],
    ['too deep', '<a>'.repeat(100_000), /nested deeper than 200 levels/],
    ['too much', new Uint8Array(XML_LIMITS.bytes + 1), /too large/],
  ])('refuses %s', (_name, source, reason) => {
    const read = (): unknown => readXml(typeof source === 'string' ? Buffer.from(source) : source, 'file.xml');
    expect(read).toThrow(reason);
    try {
      read();
    } catch (error) {
      expect(isMediasmithError(error) && error.code).toBe('IMPORT_INVALID');
    }
  });

  it.each([
    ['comments that look like elements', `<a><!-- ${'<b>'.repeat(300)} --></a>`],
    ['CDATA that looks like a document type', '<a><![CDATA[<!DOCTYPE x>]]></a>'],
    ['an attribute that looks like a tag', `<a b="${'&lt;b>'.repeat(300)}"/>`],
    ['200 levels', `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`],
  ])('is not misled by %s', (_name, source) => {
    expect(readXml(source, 'file.xml').name).toBe('a');
  });

  it.each([
    ...['<b c="d"/>', '&amp;', '\n', '<![CDATA[]]>', '<!---->'],
    ...['<b ', '<!--', '"', '<b c="', '&', '<![CDATA[', '</b', '<?x ', '='],
  ])('takes time that grows with a document of %j', (piece) => {
    const read = (bytes: number): void => {
      try {
        readXml(`<a>${piece.repeat(Math.floor(bytes / piece.length))}</a>`, 'file.xml');
      } catch (error) {
        expect(isMediasmithError(error)).toBe(true);
      }
    };
    expect(growth(read, XML_LIMITS.bytes / 256)).toBeLessThan(LINEAR);
  });
});
