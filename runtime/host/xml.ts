import { DOMParser, type Element } from '@xmldom/xmldom';
import { type ErrorCode, MediasmithError } from '../contract/errors.ts';

export { DOMImplementation, DOMParser, type Document, type Element, XMLSerializer } from '@xmldom/xmldom';

/** An element of a document that is only read. `text` is all text and CDATA directly in it; places count from 1. */
export type XmlElement = {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: readonly XmlElement[];
  text: string;
  line: number;
  column: number;
};

export type XmlSource = { where: string; code: ErrorCode };

/** Reads a well-formed document strictly; anything else is the caller's error with line and column. The depth is the caller's to limit. */
export function parseXml(text: string, { where, code }: XmlSource): XmlElement {
  let reason: string | undefined;
  const parser = new DOMParser({
    normalizeLineEndings: (source) => source.replace(/\r\n?/g, '\n'),
    onError: (_level, message) => {
      reason = message;
      throw new Error(message);
    },
  });
  try {
    const root = parser.parseFromString(text, 'text/xml').documentElement;
    if (root === null) throw new Error('there is no root element');
    return readElement(root);
  } catch (cause) {
    throw new MediasmithError(
      code,
      `${where} is not well-formed XML: ${placeOf(cause)}${reason ?? (cause as Error).message}`,
      {
        where,
        hint: 'Export it again, or correct it in a text editor.',
        cause,
      },
    );
  }
}

const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;
/** What no XML document may contain, not even as a character reference (XML 1.0, production 2). */
const FORBIDDEN = /[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff]/u;

function readElement(element: Element): XmlElement {
  const children: XmlElement[] = [];
  const texts: string[] = [];
  for (const node of element.childNodes) {
    if (node.nodeType === ELEMENT) children.push(readElement(node as Element));
    else if (node.nodeType === TEXT || node.nodeType === CDATA) texts.push(node.nodeValue ?? '');
  }
  const attributes = new Map(Array.from(element.attributes, ({ name, value }) => [name, value] as const));
  const text = texts.join('');
  const { lineNumber: line = 1, columnNumber: column = 1 } = element;
  if ([text, ...attributes.values()].some((value) => FORBIDDEN.test(value)))
    throw Object.assign(new Error('it has a character that no document may have'), {
      locator: { lineNumber: line, columnNumber: column },
    });
  return { name: element.nodeName, attributes, children, text, line, column };
}

type Locator = { lineNumber?: number; columnNumber?: number };

function placeOf(error: unknown): string {
  const { locator } = error as { locator?: Locator };
  const line = locator?.lineNumber ?? 0;
  return line < 1 ? '' : `line ${line}, column ${locator?.columnNumber ?? 1}: `;
}
