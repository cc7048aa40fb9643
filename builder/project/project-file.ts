import { isAbsolute, relative } from 'node:path';
import { printable } from '../inspect/printable.ts';
import { leaves } from '../leaves.ts';
import { contentKind, type ProjectAnswers, type SequenceAnswer } from './answers.ts';
import { schemaLine } from './schema-line.ts';
import { comment, scalar } from './yaml-text.ts';

/** A sequence of the project: its file beside media.yaml and its id. */
export type ProjectSequenceFile = { file: string; id: string; answer: SequenceAnswer };

/** `media.yaml` of a project in `folder`: commented, and with the line that lets editors check it. Same answers, same text. */
export function projectFile(
  answers: ProjectAnswers,
  sequences: readonly ProjectSequenceFile[],
  folder: string,
): string {
  const place = (path: string): string => scalar(placeIn(folder, path));
  const sections = [
    head(answers, folder),
    contentFrom(answers),
    bootEnvironment(answers, place),
    keyboardLayout(answers),
    images(answers, place),
    packages(answers, place),
    applications(answers),
    upgradePackages(answers, sequences, place),
    sequenceList(answers, sequences),
    security(answers, place),
    record(),
    outputs(answers, place),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const KINDS: Readonly<Record<ProjectAnswers['kind'], string>> = {
  'stand-alone': 'A stand-alone medium: everything a deployment needs is on it.',
  capture: 'A capture medium: it makes an image of a reference machine.',
  prestaged: 'A prestaged medium: it is laid onto disks beforehand, and deploys the disk it lies on.',
  bootable: 'A bootable medium: it only starts the machine. Sequences and content lie elsewhere.',
};

type Place = (path: string) => string;

/** A path below the folder counts from there, so that the folder can be moved. */
function placeIn(folder: string, path: string): string {
  return isAbsolute(path) && !leaves(folder, path) ? relative(folder, path) || '.' : path;
}

function head(answers: ProjectAnswers, folder: string): string[] {
  const { kind, name, label } = answers;
  return [
    schemaLine(folder, 'media'),
    ...comment(KINDS[kind]),
    ...comment('Relative paths count from this file. Check it: mediasmith validate media.yaml'),
    ...comment(ELSEWHERE),
    'formatVersion: 1',
    `name: ${scalar(name)}`,
    `label: ${scalar(label)} # the volume label; a FAT32 stick shows its first 11 characters`,
  ];
}

const ELSEWHERE =
  'What lies outside this folder is named in full, and found on this machine only: put it in here to take it along.';

/** Sources that lie outside the folder: a relative path may not leave it, so they are named in full. */
export function outsidePaths(answers: ProjectAnswers, folder: string): string[] {
  const { winpe, images: list, drivers, passwordFile, signingKey, signingPasswordFile, wimboot } = answers;
  const named = [winpe, ...[...list, ...drivers].map(({ source }) => source)];
  const sources = [...named, passwordFile, signingKey, signingPasswordFile, wimboot].filter(
    (path) => typeof path === 'string',
  );
  return [...new Set(sources.filter((path) => leaves(folder, path)))];
}

function contentFrom({ contentFrom: from, contentUser }: ProjectAnswers): string[] {
  if (from === undefined) return [];
  return [
    ...comment('Where the content is: what the output pxe of another project has written, or a copy of any medium.'),
    'contentFrom:',
    `  ${contentKind(from)}: ${scalar(from)}`,
    ...(contentUser === null ? [] : [`  user: ${scalar(contentUser)} # the machine asks for the password`]),
  ];
}

function bootEnvironment({ bootEnvironment: kind, winpe }: ProjectAnswers, place: Place): string[] {
  if (kind === 'linux') {
    return [...comment('What the medium starts: linux needs no Microsoft file.'), 'bootEnvironment: linux'];
  }
  return [
    ...comment('What the medium starts. WinPE comes out of your own Windows ISO, ADK or boot.wim.'),
    'bootEnvironment: winpe',
    'winpe:',
    `  source: ${place(winpe ?? '')}`,
    '  # Packages with storage and network drivers that WinPE loads when it starts:',
    '  # drivers: [winpe-drivers]',
  ];
}

function keyboardLayout({ keyboard }: ProjectAnswers): string[] {
  return [
    ...comment('The keyboard where the medium asks something: its language, or what Windows calls it.'),
    `keyboardLayout: ${scalar(keyboard)}`,
  ];
}

function images({ images: list }: ProjectAnswers, place: Place): string[] {
  if (list.length === 0) return [];
  return [
    ...comment('Windows images. "image" is an index, a name or an edition of the file.'),
    'images:',
    ...list.flatMap(({ name, source, image, facts }) => [
      `  - name: ${scalar(name)}`,
      `    source: ${place(source)}`,
      `    image: ${scalar(image)}${facts === '' ? '' : ` # ${printable(facts)}`}`,
    ]),
  ];
}

function packages({ kind, drivers }: ProjectAnswers, place: Place): string[] {
  if (kind === 'bootable') return [];
  if (drivers.length === 0) {
    return comment(
      'Folders that sequences use: drivers, updates, programs.\npackages:\n  - name: drivers-latitude-5440\n    source: drivers/latitude-5440',
    );
  }
  return [
    ...comment('Folders that sequences use: drivers, updates, programs.'),
    'packages:',
    ...drivers.flatMap(({ name, source }) => [`  - name: ${scalar(name)}`, `    source: ${place(source)}`]),
  ];
}

function applications({ kind }: ProjectAnswers): string[] {
  if (kind === 'bootable') return [];
  return comment(
    'Programs that sequences install; each is run in a package.\napplications:\n  - name: office-suite\n    package: office\n    command: setup.exe /quiet',
  );
}

/** An upgrade in place takes the whole Windows medium and not only the image in it. */
function upgradePackages(
  { images: list }: ProjectAnswers,
  sequences: readonly ProjectSequenceFile[],
  place: Place,
): string[] {
  const names = new Set(sequences.flatMap(({ answer }) => answer.values.upgradePackage ?? []));
  const [image] = list;
  if (names.size === 0 || image === undefined) return [];
  return [
    ...comment('Windows media that an upgrade in place runs Setup from.'),
    'upgradePackages:',
    ...[...names].flatMap((name) => [`  - name: ${scalar(name)}`, `    source: ${place(image.source)}`]),
  ];
}

function sequenceList({ kind, unattended }: ProjectAnswers, sequences: readonly ProjectSequenceFile[]): string[] {
  const [first] = sequences;
  const attended = [
    ...comment('true: nobody is asked anything; what would be a question is an error.'),
    `unattended: ${unattended}`,
  ];
  if (kind === 'bootable') return attended;
  return [
    ...comment('Task sequences; "mediasmith sequence new --list" shows what others can begin with.'),
    'sequences:',
    ...sequences.map(({ file }) => `  - ${scalar(file)}`),
    ...attended,
    ...(unattended && first !== undefined ? [`preferredSequence: ${scalar(first.id)}`] : []),
  ];
}

function security(answers: ProjectAnswers, place: Place): string[] {
  const { validFrom, validUntil, signingKey } = answers;
  const password = secret(answers.passwordFile, answers.passwordEnvironment, place);
  const signingPassword = secret(answers.signingPasswordFile, answers.signingPasswordEnvironment, place);
  const lines = [
    ...(validFrom === null && validUntil === null ? [] : ['valid: # by the clock of the machine, in UTC']),
    ...(validFrom === null ? [] : [`  from: ${scalar(validFrom)}`]),
    ...(validUntil === null ? [] : [`  until: ${scalar(validUntil)}`]),
    ...(password === undefined ? [] : [`password: ${password} # asked for before anything is shown`]),
    ...(signingKey === null ? [] : ['signing:', `  key: ${place(signingKey)}`]),
    ...(signingKey === null || signingPassword === undefined ? [] : [`  password: ${signingPassword}`]),
  ];
  const about = 'Who may use the medium and until when. Passwords are never written here.';
  if (lines.length > 0) return [...comment(about), ...lines];
  // A bootable medium has nothing that a password could seal.
  const sealed = answers.kind === 'bootable' ? '' : '\npassword: { environment: MEDIA_PASSWORD }';
  return comment(`${about}\nvalid: { until: 2030-12-31 }${sealed}\nsigning: { key: minisign.key }`);
}

function record(): string[] {
  return [
    ...comment(
      'The medium says who has built it, when and from which files. Without it two builds are the same bytes.',
    ),
    'record: true',
  ];
}

function secret(file: string | null, environment: string | null, place: Place): string | undefined {
  if (file !== null) return `{ file: ${place(file)} }`;
  return environment === null ? undefined : `{ environment: ${scalar(environment)} }`;
}

function outputs(answers: ProjectAnswers, place: Place): string[] {
  const { iso, usb, layout, pxe, pxeUrl, wimboot, wimbootSha256, prestaged, firmware } = answers;
  return [
    ...comment(
      'What is written: iso, a disc and stick image; usb, an image of a stick; pxe, a folder to boot from;\nprestaged, a .img or .wim that is laid onto disks beforehand.',
    ),
    'outputs:',
    ...(iso === null ? [] : [`  - iso: ${place(iso)}`]),
    ...(usb === null ? [] : [`  - usb: ${place(usb)}`]),
    ...(usb === null || layout === undefined ? [] : [`    layout: ${scalar(layout)}`]),
    ...(pxe === null ? [] : [`  - pxe: ${place(pxe)}`]),
    ...(pxeUrl === undefined ? [] : [`    url: ${scalar(pxeUrl)} # where the web server shows that folder`]),
    ...(wimboot === undefined ? [] : [`    wimboot: ${place(wimboot)}`]),
    ...(wimbootSha256 === undefined ? [] : [`    wimbootSha256: ${scalar(wimbootSha256)}`]),
    ...(prestaged === null ? [] : [`  - prestaged: ${place(prestaged)}`]),
    ...(prestaged === null || firmware !== 'bios' ? [] : ['    layout: fat32', '    partitionTable: mbr']),
  ];
}
