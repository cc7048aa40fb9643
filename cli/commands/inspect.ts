import { resolve } from 'node:path';
import { cacheFolder } from '../../builder/cache-folder.ts';
import type { EfiProgramFacts } from '../../builder/inspect/efi-programs.ts';
import { type InspectedMedium, inspectMedium, type MediumDocument } from '../../builder/inspect/inspect-medium.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { exec } from '../../runtime/host/exec.ts';
import type { CommandResult, Session } from '../session.ts';

/** Says what a medium has on it and who signed what it starts. */
export async function inspect({ progress, signal }: Session, path: string): Promise<CommandResult> {
  const stage = { name: 'inspect', title: `Read ${path}` };
  const medium = await progress([stage], (emit) => {
    emit({ event: 'stage-started', ...stage });
    return inspectMedium(resolve(path), { cacheFolder: cacheFolder(), exec, emit, signal });
  });
  return { document: medium.document, text: describeMedium(medium) };
}

type Node = { text: string; below?: Node[] };

const WIDTH = 80;
const NO_BREAK_SPACE = '\u00a0';
const TYPES: Record<MediumDocument['type'], string> = { iso: 'ISO file', pxe: 'PXE tree', folder: 'folder' };
const KINDS = { linux: 'Linux', winpe: 'Windows PE' } as const;

/** A medium as a tree, at most 80 columns wide where names allow it. */
export function describeMedium({ document, manifest, startsUnder, bytes }: InspectedMedium): string {
  const { id, label, type, operatingSystems, sequences } = document;
  const nodes: Node[] = [
    { text: `id        ${id}` },
    { text: `label     ${label}` },
    { text: `type      ${TYPES[type]}, ${formatBytes(bytes)} in files` },
    { text: `built by  ${manifest.builtBy}${manifest.unattended ? ', asks nobody anything' : ''}` },
    ...document.bootEnvironments.map((environment) => describeEnvironment(environment, startsUnder)),
    list(
      'Windows images',
      operatingSystems.map((system, index) => ({
        text: [
          system.name.padEnd(widest(operatingSystems)),
          ...[system.edition, system.version, system.architecture, system.language].map((value) => value ?? '-'),
          `${formatBytes(manifest.images[index]?.bytes ?? 0)} applied`,
        ].join('  '),
      })),
    ),
    list(
      'task sequences',
      sequences.map(({ id: name, name: title }) => ({
        text: `${name}  ${title}${name === manifest.preferredSequence ? '  (preferred)' : ''}`,
      })),
    ),
    list(
      'packages',
      manifest.packages.map((item) => ({ text: `${item.name}  ${formatBytes(item.bytes)}` })),
    ),
    ...[
      list(
        'applications',
        manifest.applications.map((item) => ({ text: [item.name, ...item.dependsOn].join(', after ') })),
      ),
      list(
        'upgrade packages',
        manifest.upgradePackages.map((item) => ({ text: [item.name, item.version, item.architecture].join('  ') })),
      ),
      list(
        'variables',
        manifest.variables.map(({ name, value }) => ({ text: value === undefined ? `${name}  (asked for)` : name })),
      ),
    ].filter(({ below }) => below !== undefined),
  ];
  return `${[manifest.name, ...branches(nodes, '')].join('\n')}\n`;
}

const widest = (items: readonly { name: string }[]): number => Math.max(0, ...items.map(({ name }) => name.length));

function list(title: string, below: Node[]): Node {
  return below.length === 0 ? { text: `${title}: none` } : { text: title, below };
}

function describeEnvironment(
  { kind, architecture, signing, files }: MediumDocument['bootEnvironments'][number],
  startsUnder: InspectedMedium['startsUnder'],
): Node {
  const under = startsUnder.length === 0 ? '' : `, starts under ${startsUnder.join(' and ')}`;
  return {
    text: `boot environment: ${KINDS[kind]}, ${architecture ?? 'architecture unknown'}${under}`,
    below: [{ text: secureBootInWords(kind, signing) }, ...files.map(describeProgram)],
  };
}

/** What the firmware of a PC must trust. */
export function secureBootInWords(kind: 'linux' | 'winpe', signing: string): string {
  if (signing === '2023') return 'Secure Boot: set 2023; the PC must trust Windows UEFI CA 2023';
  if (signing === '2011') return 'Secure Boot: set 2011; starts where the PC still trusts the 2011 certificate';
  if (signing === 'mixed') return 'Secure Boot: MIXED signing sets; no setting starts them all';
  if (signing === 'unsigned') return 'Secure Boot: not signed; it must be switched off';
  if (kind === 'winpe') return 'Secure Boot: not signed by Microsoft for Windows; it must be switched off';
  return `Secure Boot: the PC must trust ${signing}`;
}

function describeProgram({ path, machine, signing, chain, otherChains = [], bytes, ...file }: EfiProgramFacts): Node {
  const facts = [machine ?? 'no program', formatBytes(bytes), ...(signing === 'other' ? [] : [signing])];
  const below = [chain, ...otherChains]
    .filter((names) => names.length > 0)
    .map((names) => ({ text: chainInWords(names) }));
  if (file.digestMatches === false) below.unshift({ text: 'CHANGED since it was signed' });
  if (file.problem !== undefined) below.unshift({ text: `DAMAGED: ${file.problem}` });
  return { text: `${path} (${facts.join(', ')})`, below };
}

/** Lines break between certificates, not inside their names. */
function chainInWords(names: readonly string[]): string {
  return names.map((name) => name.replaceAll(' ', NO_BREAK_SPACE)).join(' < ');
}

function branches(nodes: readonly Node[], before: string): string[] {
  return nodes.flatMap(({ text, below = [] }, index) => {
    const last = index === nodes.length - 1;
    const stem = `${before}${last ? '   ' : '│  '}`;
    const [first = '', ...more] = wrap(text, WIDTH - before.length - 3);
    const trunk = `${stem}${below.length > 0 ? '│  ' : '   '}`;
    return [
      `${before}${last ? '└─ ' : '├─ '}${first}`,
      ...more.map((line) => `${trunk}${line}`),
      ...branches(below, stem),
    ];
  });
}

/** Breaks at spaces; a word that is too long stays whole. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/(?<= )(?=[^ ])/)) {
    const last = lines.at(-1);
    const room = width - (lines.length > 1 ? 3 : 0);
    if (last === undefined || `${last}${word}`.trimEnd().length > room) lines.push(word);
    else lines[lines.length - 1] = `${last}${word}`;
  }
  return lines.map((line) => line.trimEnd().replaceAll(NO_BREAK_SPACE, ' '));
}
