import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import type { MediumDocument, MediumType } from './medium-document.ts';
import type { Part } from './part-sizes.ts';

export const ENVIRONMENTS = { linux: 'Linux', winpe: 'Windows PE' } as const;
export const FILE_SYSTEMS = { fat32: 'FAT32', exfat: 'exFAT' } as const;
export const PART_NAMES: Readonly<Record<Part, string>> = {
  images: 'Windows images',
  packages: 'packages',
  upgradePackages: 'upgrade packages',
  bootEnvironment: 'what a machine starts',
  rest: 'sequences, runtime, manifest, licences',
};
const TYPES: Readonly<Record<MediumType, { device: string; other: string }>> = {
  iso: { device: 'ISO on a disc or stick', other: 'ISO file' },
  stick: { device: 'USB stick', other: 'USB stick image' },
  wim: { device: '', other: 'WIM of a prestaged disk' },
  pxe: { device: '', other: 'PXE tree' },
  folder: { device: '', other: 'folder' },
};
const PRESTAGED_DISK = { device: 'prestaged disk', other: 'image of a prestaged disk' } as const;
const LAYOUTS = { fat32: 'one FAT32 volume', 'fat32+exfat': 'exFAT and FAT32' } as const;

export function typeInWords({
  type,
  device,
  stick,
  prestaged,
}: Pick<MediumDocument, 'type' | 'device' | 'stick' | 'prestaged'>): string {
  const words = type === 'stick' && prestaged ? PRESTAGED_DISK : TYPES[type];
  const name = words[device ? 'device' : 'other'];
  if (stick === null) return name;
  const { bytes, partitionTable, layout } = stick;
  return `${name} of ${formatBytes(bytes)}, ${partitionTable.toUpperCase()}, ${LAYOUTS[layout]}`;
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

/** Whether there is a firmware that starts it without Secure Boot being switched off. */
export function startsUnderSecureBoot(kind: 'linux' | 'winpe', signing: string): boolean {
  return kind === 'winpe' ? ['2011', '2023'].includes(signing) : signing !== 'unsigned';
}

export function recordInWords(record: MediumDocument['record']): string {
  return record === null ? 'by whom and when is not recorded' : `on ${dateInWords(record.at)} by ${record.by}`;
}

export function validityInWords(validity: MediumDocument['validity']): string {
  if (validity === null) return 'always';
  const { from, until, now } = validity;
  const state = { valid: 'valid now', 'not-yet': 'NOT VALID YET', expired: 'EXPIRED' }[now];
  const ends = [
    ...(from === null ? [] : [`from ${dateInWords(from)}`]),
    ...(until === null ? [] : [untilInWords(until)]),
  ];
  return [...(ends.length > 0 ? [ends.join(' ')] : []), state].join(': ');
}

export function signatureInWords({ state, keyId, reason }: MediumDocument['signature']): string {
  const key = keyId === null ? '' : ` with the key ${keyId}`;
  if (state === 'absent') return 'no';
  if (state === 'valid') return `yes,${key}: "verify --key" says whose`;
  return `NOT VALID${key}: the signature ${reason ?? 'is wrong'}`;
}

/** ConfigMgr's media options, those that are set. */
export function optionsInWords(document: MediumDocument): string {
  const { unattended, copyFirst, machines, preferredSequence, contentFrom, keyboardLayout, prestaged } = document;
  return [
    ...(contentFrom === null ? [] : [`only starts the machine: sequences and content come from ${contentFrom}`]),
    ...(prestaged ? ['lies on the disk that it deploys, and leaves it at the end'] : []),
    unattended ? 'asks nobody anything' : 'asks which sequence to run',
    ...(preferredSequence === null ? [] : [`starts ${preferredSequence} where nobody is asked`]),
    ...(keyboardLayout === null ? [] : [`has the keyboard ${keyboardLayout}`]),
    ...(copyFirst ? ['copies all content to the disk first'] : []),
    ...(machines ? ['has variables of single machines'] : []),
  ].join('; ');
}

export function prestartInWords({ command, package: from }: NonNullable<MediumDocument['prestart']>): string {
  const line = typeof command === 'string' ? command : command.join(' ');
  return from === null ? line : `${line} (in the package ${from})`;
}

/** `2026-03-01 08:00 UTC` */
export function dateInWords(date: string): string {
  return `${new Date(date).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const untilInWords = (until: string): string => `until ${dateInWords(until)}`;
