import { MediasmithError } from '../../runtime/contract/errors.ts';
import { parseXml, type XmlElement } from '../../runtime/host/xml.ts';
import { refuseUnsafeXml, XML_LIMITS } from './xml-limits.ts';
import { decodeXml } from './xml-text.ts';

/** Reads a document nobody vouches for. `where` names it in errors; all are `IMPORT_INVALID`. */
export function readXml(source: Uint8Array | string, where: string): XmlElement {
  if (source.length > XML_LIMITS.bytes) {
    throw new MediasmithError('IMPORT_INVALID', `${where} is too large for a task sequence`, {
      where,
      hint: `A sequence has at most ${XML_LIMITS.bytes / 1024 ** 2} MB.`,
    });
  }
  const text = typeof source === 'string' ? source : decodeXml(source, where);
  refuseUnsafeXml(text, where);
  return parseXml(text.replace(/^\s+(?=<\?xml)/, ''), { where, code: 'IMPORT_INVALID' });
}

/** The first child of a name, without regard to case. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
}
