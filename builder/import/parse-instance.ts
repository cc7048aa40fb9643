import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { XmlElement } from '../../runtime/host/xml.ts';
import type { SourceSequence } from './model.ts';
import { parseSequence } from './parse-sequence.ts';
import { child, readXml } from './read-xml.ts';

/** A WMI instance as ConfigMgr dumps it: its properties by name. Arrays and objects in it are left aside. */
function instanceProperties(instance: XmlElement): ReadonlyMap<string, string> {
  const properties = instance.children.filter(({ name }) => name === 'PROPERTY');
  return new Map(properties.map((item) => [item.attributes.get('NAME') ?? '', child(item, 'VALUE')?.text ?? '']));
}

/** The sequence in a dumped `SMS_TaskSequencePackage`, whose property `Sequence` is the document as text. */
export function parsePackageInstance(instance: XmlElement, where: string): SourceSequence {
  const properties = instanceProperties(instance);
  const text = properties.get('Sequence')?.trim() ?? '';
  if (text === '') {
    throw new MediasmithError('IMPORT_INVALID', `${where} is an instance without a task sequence`, {
      where,
      hint: 'Name the export itself, or the object.xml of a task sequence package.',
    });
  }
  const sequence = parseSequence(readXml(text, `the sequence in ${where}`));
  const id = properties.get('PackageID')?.trim() ?? '';
  return {
    ...sequence,
    ...(id !== '' && { id }),
    name: properties.get('Name')?.trim() || sequence.name,
    description: properties.get('Description')?.trim() || sequence.description,
  };
}

/** Names by id out of `ReferencesInfo.xml` and `AppReferencesInfo.xml`: lists of instances, each as text. */
export function parseReferencesInfo(list: XmlElement, where: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const item of list.children) {
    if (item.text.trim() === '') continue;
    const properties = instanceProperties(readXml(item.text.trim(), where));
    const id = ID_PROPERTIES.map((name) => properties.get(name)).find((value) => value !== undefined && value !== '');
    const name = NAME_PROPERTIES.map((key) => properties.get(key)).find((value) => value !== undefined && value !== '');
    if (id !== undefined && name !== undefined) names.set(id, name);
  }
  return names;
}

/** The classes of packages and of applications call the same things by different names. */
const ID_PROPERTIES = ['ReferencePackageID', 'RefAppModelName'];
const NAME_PROPERTIES = ['ReferenceName', 'RefAppDisplayName'];
