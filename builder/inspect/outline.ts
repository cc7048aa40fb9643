import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import {
  FILE_SYSTEMS,
  optionsInWords,
  PART_NAMES,
  prestartInWords,
  recordInWords,
  signatureInWords,
  typeInWords,
  validityInWords,
} from './in-words.ts';
import type { MediumDocument } from './medium-document.ts';

/** Texts, ready to be shown but not escaped: what a medium does not say is a dash. */
export type Table = { title: string; columns: readonly string[]; rows: readonly (readonly string[])[] };

/** What a medium is, as pairs of a word and what there is to say. */
export function factsOf(document: MediumDocument): (readonly [label: string, text: string])[] {
  const { id, label, builtBy, record, validity, signature, sealed, prestart, discs, disc, sizes } = document;
  return [
    ['id', id],
    ['label', label],
    ['type', typeInWords(document)],
    ['content', `${formatBytes(sizes.bytes)} in ${count(sizes.files, 'file')}`],
    ...(discs === null ? [] : [['set', disc === null ? `of ${discs} discs` : `disc ${disc} of ${discs}`] as const]),
    ['built', `with ${builtBy}, ${recordInWords(record)}`],
    ['valid', validityInWords(validity)],
    ['signed', signatureInWords(signature)],
    ['password', sealed ? 'yes: sequences and variables are sealed, and not shown here' : 'no'],
    ['run', optionsInWords(document)],
    ...(prestart === null ? [] : [['prestart', prestartInWords(prestart)] as const]),
    ['manifest', document.manifestSha256],
  ];
}

/** What a medium has on it. Those every medium may have come first, also where they are empty. */
export function tablesOf(document: MediumDocument): Table[] {
  return [
    imagesOf(document),
    ...(document.sealed ? [] : [sequencesOf(document)]),
    packagesOf(document),
    ...[
      driversOf(document),
      applicationsOf(document),
      upgradePackagesOf(document),
      variablesOf(document),
      sourcesOf(document),
      sizesOf(document),
      volumesOf(document),
    ].filter(({ rows }) => rows.length > 0),
  ];
}

const count = (amount: number, what: string): string => `${amount} ${what}${amount === 1 ? '' : 's'}`;

const bytesOf = ({ content }: MediumDocument, kind: 'image' | 'package'): { id: string; bytes: number }[] =>
  content.filter((item) => item.kind === kind);

function imagesOf(document: MediumDocument): Table {
  const sizes = bytesOf(document, 'image');
  return {
    title: 'Windows images',
    columns: ['name', 'edition', 'version', 'for', 'language', 'size'],
    rows: document.operatingSystems.map((system, index) => [
      system.name,
      ...[system.edition, system.version, system.architecture, system.language].map((value) => value ?? '-'),
      `${formatBytes(sizes[index]?.bytes ?? 0)} applied`,
    ]),
  };
}

function sequencesOf({ sequences, preferredSequence }: MediumDocument): Table {
  return {
    title: 'task sequences',
    columns: ['id', 'name', 'steps', ''],
    rows: sequences.map(({ id, name, steps }) => [
      id,
      name,
      steps === null ? '-' : count(steps, 'step'),
      id === preferredSequence ? '(preferred)' : '',
    ]),
  };
}

function packagesOf(document: MediumDocument): Table {
  return {
    title: 'packages',
    columns: ['name', 'unpacked'],
    rows: bytesOf(document, 'package').map(({ id, bytes }) => [id, formatBytes(bytes)]),
  };
}

function driversOf({ drivers }: MediumDocument): Table {
  return {
    title: 'drivers',
    columns: ['package', 'in', 'INF files', 'for', 'classes'],
    rows: drivers.map(({ name, in: place, infs, architectures, classes }) => [
      name,
      place,
      `${infs} INF`,
      architectures.join(', '),
      classes.join(', ') || '-',
    ]),
  };
}

function applicationsOf({ applications }: MediumDocument): Table {
  return {
    title: 'applications',
    columns: ['name', 'package', 'installed'],
    rows: applications.map(({ name, package: from, dependsOn }) => [
      name,
      from,
      dependsOn.length === 0 ? '' : `after ${dependsOn.join(', ')}`,
    ]),
  };
}

function upgradePackagesOf({ upgradePackages }: MediumDocument): Table {
  return {
    title: 'upgrade packages',
    columns: ['name', 'version', 'for', 'languages', 'editions', 'size'],
    rows: upgradePackages.map(({ name, version, architecture, languages, editions, bytes }) => [
      ...[name, version, architecture, languages.join(', ') || '-', editions.join(', ') || '-'],
      formatBytes(bytes),
    ]),
  };
}

function variablesOf({ variables }: MediumDocument): Table {
  return {
    title: 'variables',
    columns: ['name', ''],
    rows: variables.map(({ name, asked, secret }) => [name, wordsOf(asked, secret)]),
  };
}

function wordsOf(asked: boolean, secret: boolean): string {
  if (asked) return secret ? '(asked for, secret)' : '(asked for)';
  return secret ? '(given, secret)' : '(given)';
}

function sourcesOf({ sources }: MediumDocument): Table {
  const shortened = 16;
  return {
    title: 'made from',
    columns: ['for', 'file', 'fingerprint'],
    rows: sources.map(({ name, file, fingerprint }) => [name, file, fingerprint.slice(0, shortened)]),
  };
}

function sizesOf({ sizes }: MediumDocument): Table {
  return {
    title: 'sizes on the medium',
    columns: ['part', 'files', 'size'],
    rows: sizes.parts.map(({ part, files, bytes }) => [PART_NAMES[part], count(files, 'file'), formatBytes(bytes)]),
  };
}

function volumesOf({ stick }: MediumDocument): Table {
  return {
    title: 'volumes',
    columns: ['file system', 'label', 'size', 'free'],
    rows: (stick?.volumes ?? []).map(({ fileSystem, label, bytes, freeBytes }) => [
      FILE_SYSTEMS[fileSystem],
      label,
      formatBytes(bytes),
      `${formatBytes(freeBytes)} free`,
    ]),
  };
}
