import { DOMParser, type Document } from '@xmldom/xmldom';

/** Throws for a text that is not well-formed. */
export function parseXml(text: string): Document {
  return new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(text, 'text/xml');
}

/** The texts of all elements with this name, in document order. */
export function textsOf(document: Document, name: string): string[] {
  return Array.from(document.getElementsByTagName(name)).map((element) => element.textContent ?? '');
}
