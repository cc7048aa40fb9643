import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { XmlElement } from '../../runtime/host/xml.ts';
import type { SourceFile } from './model.ts';
import { parsePackageInstance, parseReferencesInfo } from './parse-instance.ts';
import { parseSequence } from './parse-sequence.ts';
import { readXml } from './read-xml.ts';
import { XML_LIMITS } from './xml-limits.ts';
import { openZip, type ZipArchive } from './zip-reader.ts';

/** The first bytes of every zip, an empty one included. */
const ZIP = ['504b0304', '504b0506'];

export async function isZip(file: string): Promise<boolean> {
  return ZIP.includes(Buffer.from(await head(file, 4)).toString('hex'));
}

/** The sequences of a ConfigMgr export, an object.xml, a bare sequence or MDT's ts.xml. Anything else is `IMPORT_INVALID`. */
export async function readSource(file: string): Promise<SourceFile> {
  if (await isZip(file)) {
    await using zip = await openZip(file);
    return await readExport(zip, file);
  }
  const bytes = await head(file, XML_LIMITS.bytes + 1);
  const sequence = sequenceOf(readXml(bytes, file), file);
  return { sequences: [{ ...sequence, name: sequence.name || nameOf(file) }], names: new Map() };
}

/** A ConfigMgr export: an instance for each sequence, and lists with the names of what they refer to. */
export async function readExport(zip: ZipArchive, file: string): Promise<SourceFile> {
  const inside = async (path: string): Promise<XmlElement> => readXml(await zip.read(path), `${path} in ${file}`);
  const paths = zip.members.map(({ path }) => path).sort();
  const instances = paths.filter((path) => /^SMS_TaskSequencePackage\/[^/]+\/object\.xml$/i.test(path));
  if (instances.length === 0) {
    throw new MediasmithError('IMPORT_INVALID', `${file} is a zip without a task sequence in it`, {
      where: file,
      hint: 'Name a zip that ConfigMgr or "mediasmith sequence export" has written.',
    });
  }
  const sequences = [];
  for (const path of instances) sequences.push(sequenceOf(await inside(path), `${path} in ${file}`));
  const names = new Map<string, string>();
  for (const path of paths.filter((one) => /\/(App)?ReferencesInfo\.xml$/i.test(one)))
    for (const [id, name] of parseReferencesInfo(await inside(path), `${path} in ${file}`)) names.set(id, name);
  return { sequences, names };
}

function sequenceOf(root: XmlElement, where: string): ReturnType<typeof parseSequence> {
  if (root.name === 'INSTANCE') return parsePackageInstance(root, where);
  if (root.name.toLowerCase() === 'sequence') return parseSequence(root);
  const [message, hint] =
    root.name === 'LibraryDocument'
      ? ['is the table of contents of an export', 'Name the zip it is in, or the object.xml beside it.']
      : [
          `is no task sequence: its root is <${root.name}>`,
          'Name a ConfigMgr export, an object.xml or a ts.xml of MDT.',
        ];
  throw new MediasmithError('IMPORT_INVALID', `${where} ${message}`, { where, hint });
}

/** The name of the folder for MDT's ts.xml, which lies in one of its own; else that of the file. */
function nameOf(file: string): string {
  return basename(file).replace(/\.[^.]*$/, '');
}

async function head(file: string, bytes: number): Promise<Uint8Array> {
  // Before it is opened: a pipe would wait for ever for somebody who writes into it.
  const kind = await stat(file).catch((cause) => {
    throw new MediasmithError('SOURCE_NOT_FOUND', `cannot read ${file}`, {
      where: file,
      hint: 'Name the file to import.',
      cause,
    });
  });
  if (!kind.isFile()) {
    throw new MediasmithError('SOURCE_INVALID', `${file} is not a file`, {
      where: file,
      hint: 'Name the file to import: a folder or a device is none.',
    });
  }
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(Math.min(kind.size, bytes));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
