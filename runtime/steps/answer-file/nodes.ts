import type { Document, Element } from '../../host/xml.ts';

export const NAMESPACE = 'urn:schemas-microsoft-com:unattend';
const WCM = 'http://schemas.microsoft.com/WMIConfig/2002/State';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** An element to be: a text, or elements in their order. */
export type AnswerNode = {
  name: string;
  content: string | readonly AnswerNode[];
  /** An item of a list: `wcm:action="add"`. */
  action?: 'add';
  /** `wcm:keyValue`, of lists whose items are plain texts. */
  key?: string;
};

export function node(
  name: string,
  content: AnswerNode['content'],
  more: Pick<AnswerNode, 'action' | 'key'> = {},
): AnswerNode {
  return { name, content, ...more };
}

/** Items of a list of plain texts, numbered from 1. */
export function listItems(name: string, values: readonly string[]): AnswerNode[] {
  return values.map((value, index) => node(name, value, { action: 'add', key: String(index + 1) }));
}

export function appendNode(document: Document, parent: Element, wish: AnswerNode): void {
  const element = document.createElementNS(NAMESPACE, wish.name);
  if (wish.action !== undefined) {
    declareWcm(document);
    element.setAttributeNS(WCM, 'wcm:action', wish.action);
  }
  if (wish.key !== undefined) element.setAttributeNS(WCM, 'wcm:keyValue', wish.key);
  parent.appendChild(element);
  if (typeof wish.content === 'string') element.textContent = wish.content;
  else for (const child of wish.content) appendNode(document, element, child);
}

/** Once at the root, as Windows System Image Manager does it, and not at each item. */
function declareWcm({ documentElement }: Document): void {
  if (documentElement === null || documentElement.lookupNamespaceURI('wcm') === WCM) return;
  documentElement.setAttributeNS(XMLNS, 'xmlns:wcm', WCM);
}

const ELEMENT_NODE = 1;
const TEXT_NODES = [3, 4];

export function children(parent: Element): Element[] {
  return Array.from(parent.childNodes).filter((child): child is Element => child.nodeType === ELEMENT_NODE);
}

/** Changes every text, CDATA section and attribute of an element and below it. */
export function changeTexts(element: Element, change: (text: string) => string): void {
  for (const attribute of Array.from(element.attributes)) attribute.value = change(attribute.value);
  for (const text of Array.from(element.childNodes)) {
    if (TEXT_NODES.includes(text.nodeType)) text.nodeValue = change(text.nodeValue ?? '');
  }
  for (const child of children(element)) changeTexts(child, change);
}
