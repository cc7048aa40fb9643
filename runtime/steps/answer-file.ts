import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DOMImplementation, DOMParser, type Document, type Element, XMLSerializer } from '@xmldom/xmldom';
import { casePath } from '../platform/case-path.ts';
import type { StepContext } from './context.ts';
import { windowsVolume } from './target.ts';

/** Where Windows looks for answers at its first start (Microsoft: "Windows Setup Automation Overview"). */
const PATH = 'Windows/Panther/unattend.xml';
const NAMESPACE = 'urn:schemas-microsoft-com:unattend';
const WCM = 'http://schemas.microsoft.com/WMIConfig/2002/State';
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' } as const;

export type Pass = 'offlineServicing' | 'specialize' | 'oobeSystem';

/** Opens the answer file of the deployed Windows, or begins one, lets `edit` change it, and writes it whole. Returns its path. */
export async function editAnswerFile(context: StepContext, edit: (answers: AnswerFile) => void): Promise<string> {
  await using volume = await context.platform.mount(windowsVolume(context), 'write');
  const { path } = await casePath(volume.path, PATH);
  const existing = await readFile(path, 'utf8').catch(() => undefined);
  const answers = new AnswerFile(context.machine.architecture, existing);
  edit(answers);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(`${path}.new`, answers.toString());
  await rename(`${path}.new`, path);
  return PATH;
}

/** An answer file as a document: settings are put where they belong, whatever is there already stays. */
export class AnswerFile {
  readonly #document: Document;
  readonly #architecture: string;

  constructor(architecture: keyof typeof ARCHITECTURES, xml?: string) {
    this.#architecture = ARCHITECTURES[architecture];
    this.#document =
      xml === undefined
        ? new DOMImplementation().createDocument(NAMESPACE, 'unattend')
        : new DOMParser().parseFromString(xml, 'text/xml');
  }

  /** Sets one element of a component; `path` may go deeper with slashes. Undefined leaves it alone. */
  set(pass: Pass, component: string, path: string, value: string | undefined): void {
    if (value === undefined) return;
    const element = path
      .split('/')
      .reduce((parent, name) => this.#child(parent, name), this.#component(pass, component));
    element.textContent = value;
  }

  /** Has Windows run a command once, before the first user signs in, in the order of the calls. */
  runOnce(commandLine: string, description: string): void {
    const list = this.#child(this.#component('specialize', 'Microsoft-Windows-Deployment'), 'RunSynchronous');
    const order = Math.max(0, ...children(list).map(orderOf)) + 1;
    const command = this.#document.createElementNS(NAMESPACE, 'RunSynchronousCommand');
    command.setAttributeNS(WCM, 'wcm:action', 'add');
    list.appendChild(command);
    this.#child(command, 'Order').textContent = String(order);
    this.#child(command, 'Path').textContent = commandLine;
    this.#child(command, 'Description').textContent = description;
  }

  toString(): string {
    return `<?xml version="1.0" encoding="utf-8"?>\n${new XMLSerializer().serializeToString(this.#root())}\n`;
  }

  #root(): Element {
    const root = this.#document.documentElement;
    if (root === null) throw new Error('an answer file without a root element');
    return root;
  }

  #component(pass: Pass, name: string): Element {
    const settings = this.#child(this.#root(), 'settings', 'pass', pass);
    const existing = children(settings).find(
      (child) =>
        child.getAttribute('name') === name && child.getAttribute('processorArchitecture') === this.#architecture,
    );
    if (existing !== undefined) return existing;
    const component = this.#document.createElementNS(NAMESPACE, 'component');
    settings.appendChild(component);
    component.setAttribute('name', name);
    component.setAttribute('processorArchitecture', this.#architecture);
    component.setAttribute('publicKeyToken', '31bf3856ad364e35');
    component.setAttribute('language', 'neutral');
    component.setAttribute('versionScope', 'nonSxS');
    return component;
  }

  #child(parent: Element, name: string, attribute?: string, value = ''): Element {
    const existing = children(parent).find(
      (child) => child.localName === name && (attribute === undefined || child.getAttribute(attribute) === value),
    );
    if (existing !== undefined) return existing;
    const child = this.#document.createElementNS(NAMESPACE, name);
    if (attribute !== undefined) child.setAttribute(attribute, value);
    parent.appendChild(child);
    return child;
  }
}

function orderOf(command: Element): number {
  return Number(children(command).find(({ localName }) => localName === 'Order')?.textContent) || 0;
}

const ELEMENT_NODE = 1;

function children(parent: Element): Element[] {
  return Array.from(parent.childNodes).filter((node): node is Element => node.nodeType === ELEMENT_NODE);
}
