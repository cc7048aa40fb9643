import { MICROSOFT_ARCHITECTURES } from '../../contract/architecture.ts';
import { MediasmithError } from '../../contract/errors.ts';
import { expandText, type Variables } from '../../contract/variables.ts';
import { DOMImplementation, DOMParser, type Document, type Element, parseXml, XMLSerializer } from '../../host/xml.ts';
import { type AnswerNode, appendNode, changeTexts, children, NAMESPACE, node } from './nodes.ts';

export type Pass = 'offlineServicing' | 'specialize' | 'oobeSystem';

/** An answer file as a document: settings are put where they belong, whatever is there already stays. */
export class AnswerFile {
  readonly #document: Document;
  readonly #architecture: string;

  /** `SOURCE_INVALID` for XML that is not well-formed or is no answer file; `where` names it. */
  constructor(architecture: 'x64' | 'arm64', xml?: string, where = 'answer file') {
    this.#architecture = MICROSOFT_ARCHITECTURES[architecture];
    this.#document =
      xml === undefined ? new DOMImplementation().createDocument(NAMESPACE, 'unattend') : parse(xml, where);
    const { localName, namespaceURI } = this.#root();
    if (localName === 'unattend' && namespaceURI === NAMESPACE) return;
    throw new MediasmithError('SOURCE_INVALID', `${where} is no answer file: its root is ${localName}`, {
      where,
      hint: `The root of an answer file is unattend, in the namespace ${NAMESPACE}.`,
    });
  }

  /** Sets one element of a component; `path` may go deeper with slashes. Undefined leaves it alone. */
  set(pass: Pass, component: string, path: string, value: string | undefined): void {
    if (value === undefined) return;
    this.#at(pass, component, path).textContent = value;
  }

  /** Puts elements into one of a component in place of all it had; `path` may go deeper with slashes. */
  replace(pass: Pass, component: string, path: string, nodes: readonly AnswerNode[]): void {
    const element = this.#at(pass, component, path);
    for (const child of Array.from(element.childNodes)) element.removeChild(child);
    for (const child of nodes) appendNode(this.#document, element, child);
  }

  /** Takes one element out of a component, where it is. */
  remove(pass: Pass, component: string, path: string): void {
    let element = this.#findComponent(pass, component);
    for (const name of path.split('/'))
      element = element && children(element).find(({ localName }) => localName === name);
    element?.parentNode?.removeChild(element);
  }

  /**
   * Has Windows run a command once, before the first user signs in, in the order of the calls. One that has this
   * description is replaced.
   */
  runOnce(commandLine: string, description: string): void {
    const list = this.#at('specialize', 'Microsoft-Windows-Deployment', 'RunSynchronous');
    const same = children(list).find((command) => childText(command, 'Description') === description);
    if (same !== undefined) {
      child(this.#document, same, 'Path').textContent = commandLine;
      return;
    }
    const order = Math.max(0, ...children(list).map((command) => Number(childText(command, 'Order')) || 0)) + 1;
    appendNode(
      this.#document,
      list,
      node(
        'RunSynchronousCommand',
        [node('Order', String(order)), node('Path', commandLine), node('Description', description)],
        { action: 'add' },
      ),
    );
  }

  /** Replaces `%variables%` in all texts and attributes; names that nothing has set stay as they are. */
  expandVariables(variables: Variables): void {
    changeTexts(this.#root(), (text) => expandText(text, variables));
  }

  toString(): string {
    return `<?xml version="1.0" encoding="utf-8"?>\n${new XMLSerializer().serializeToString(this.#root())}\n`;
  }

  #root(): Element {
    const root = this.#document.documentElement;
    if (root === null) throw new Error('an answer file without a root element');
    return root;
  }

  #at(pass: Pass, component: string, path: string): Element {
    return path
      .split('/')
      .reduce((parent, name) => child(this.#document, parent, name), this.#component(pass, component));
  }

  #findComponent(pass: Pass, name: string): Element | undefined {
    return children(this.#root())
      .filter(({ localName }) => localName === 'settings')
      .filter((settings) => settings.getAttribute('pass') === pass)
      .flatMap(children)
      .find(
        (component) =>
          component.getAttribute('name') === name &&
          component.getAttribute('processorArchitecture') === this.#architecture,
      );
  }

  #component(pass: Pass, name: string): Element {
    const existing = this.#findComponent(pass, name);
    if (existing !== undefined) return existing;
    const settings = child(this.#document, this.#root(), 'settings', { pass });
    const component = this.#document.createElementNS(NAMESPACE, 'component');
    settings.appendChild(component);
    component.setAttribute('name', name);
    component.setAttribute('processorArchitecture', this.#architecture);
    component.setAttribute('publicKeyToken', '31bf3856ad364e35');
    component.setAttribute('language', 'neutral');
    component.setAttribute('versionScope', 'nonSxS');
    return component;
  }
}

/** Read strictly first: the parser itself would go on behind an error. */
function parse(xml: string, where: string): Document {
  parseXml(xml, { where, code: 'SOURCE_INVALID' });
  return new DOMParser().parseFromString(xml, 'text/xml');
}

/** A child by its name and attributes; a new one where there is none. */
function child(document: Document, parent: Element, name: string, attributes: Record<string, string> = {}): Element {
  const wanted = Object.entries(attributes);
  const existing = children(parent).find(
    (element) => element.localName === name && wanted.every(([key, value]) => element.getAttribute(key) === value),
  );
  if (existing !== undefined) return existing;
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of wanted) element.setAttribute(key, value);
  parent.appendChild(element);
  return element;
}

function childText(parent: Element, name: string): string | undefined {
  return children(parent).find(({ localName }) => localName === name)?.textContent ?? undefined;
}
