import { MediasmithError } from '../../runtime/contract/errors.ts';
import { placeAt } from './xml-text.ts';

/** What a document may be at most: far above every real one (ConfigMgr itself edits no sequence over 2 MB). */
export const XML_LIMITS = { bytes: 16 * 1024 ** 2, depth: 200, attributes: 100, namespaces: 100 };

/**
 * Looks through a document before any parser does: no document type, so no entities, and bounds on what a parser's
 * work or a walk through the tree depends on more than linearly. One pass; whether it is well-formed is not asked here.
 */
export function refuseUnsafeXml(text: string, where: string): void {
  const refuse = (reason: string, at: number): never => {
    throw new MediasmithError('IMPORT_INVALID', `${where} ${reason} (${placeAt(text, at)})`, {
      where,
      hint: 'A task sequence has nothing of this kind: look where the file comes from.',
    });
  };
  let depth = 0;
  let namespaces = 0;
  for (let at = text.indexOf('<'); at >= 0; ) {
    const skip = SKIPPED.find(({ opens }) => text.startsWith(opens, at));
    if (skip === undefined && text.startsWith('<!', at)) refuse('declares a document type or entities', at);
    let end: number;
    if (skip !== undefined) {
      end = text.indexOf(skip.closes, at + skip.opens.length);
    } else {
      const tag = scanTag(text, at);
      if (tag === undefined) return;
      end = tag.end;
      if (tag.attributes > XML_LIMITS.attributes) refuse('has an element with too many attributes', at);
      namespaces += tag.namespaces;
      if (namespaces > XML_LIMITS.namespaces) refuse('declares too many namespaces', at);
      depth += tag.step;
      if (depth > XML_LIMITS.depth) refuse(`is nested deeper than ${XML_LIMITS.depth} levels`, at);
    }
    if (end < 0) return;
    at = text.indexOf('<', end);
  }
}

const SKIPPED = [
  { opens: '<!--', closes: '-->' },
  { opens: '<![CDATA[', closes: ']]>' },
  { opens: '<?', closes: '?>' },
];

type Tag = { end: number; attributes: number; namespaces: number; step: -1 | 0 | 1 };

const EQUALS = 0x3d;
const GREATER = 0x3e;
const DOUBLE = 0x22;
const SINGLE = 0x27;

/** A start or end tag up to its `>`, which an attribute's value may contain. Undefined: it never ends. */
function scanTag(text: string, start: number): Tag | undefined {
  let attributes = 0;
  let namespaces = 0;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOUBLE || code === SINGLE) {
      at = text.indexOf(code === DOUBLE ? '"' : "'", at + 1);
      if (at < 0) return undefined;
    } else if (code === EQUALS) {
      attributes++;
      if (/\sxmlns(:[^\s=]*)?\s*$/.test(text.slice(Math.max(start, at - 100), at))) namespaces++;
    } else if (code === GREATER) {
      const step = text[start + 1] === '/' ? -1 : text[at - 1] === '/' ? 0 : 1;
      return { end: at, attributes, namespaces, step };
    }
  }
  return undefined;
}
