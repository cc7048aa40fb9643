import { z } from 'zod';
import { ContentFrom } from '../../runtime/contract/content-from.ts';
import { Size } from '../../runtime/contract/size.ts';
import { Title } from '../../runtime/contract/title.ts';
import { SequenceId } from '../../runtime/sequence/schema.ts';
import { bootableProblems } from './bootable-media.ts';
import {
  Application,
  ImageSource,
  MediaVariable,
  Name,
  PackageSource,
  SourcePath,
  UpgradePackage,
} from './content-schema.ts';
import { KeyboardLayoutName } from './keyboard-layouts.ts';
import { keyboardProblems } from './keyboard-problems.ts';
import { MEDIA_OPTIONS } from './media-options.ts';
import { prestagedProblems } from './prestaged-media.ts';

/** What WinPE can be given as scratch space, in MB (Microsoft: "WinPE: Mount and Customize"). */
const SCRATCH_SPACES = [32, 64, 128, 256, 512] as const;
export type ScratchSpace = (typeof SCRATCH_SPACES)[number];

/** WinPE as the boot environment: where it comes from and what is put into it. */
export const WinpeOptions = z.strictObject({
  source: SourcePath.describe(
    'What WinPE is in: a Windows ISO, a folder with the files of one, the folder of the Windows PE add-on of the ADK, or a boot.wim',
  ),
  architecture: z
    .enum(['x64', 'arm64'])
    .default('x64')
    .describe('Which one to take where the source has several; the boot image must have it'),
  image: z
    .union([z.int().positive(), z.string().min(1)])
    .optional()
    .describe('Which image of the boot.wim starts: its index or its name; by default the one that is marked to start'),
  bootFiles: SourcePath.optional().describe(
    "Where boot files come from that the boot.wim does not have: a Windows ISO, or the Media folder of the ADK's Windows PE add-on",
  ),
  secureBoot: z
    .literal(['2011', '2023', 2011, 2023, 'both'])
    .optional()
    .describe(
      'Which boot files: signed by the Windows Production PCA 2011, or by the Windows UEFI CA 2023; both: two media. By default 2023 where the source has them',
    ),
  pressAnyKey: z.boolean().default(false).describe('true: wait for a key before a disc is started'),
  drivers: z
    .array(Name)
    .default([])
    .describe('Packages with storage and network drivers that WinPE loads when it starts'),
  scratchSpace: z
    .enum(SCRATCH_SPACES.map((size) => `${size} MB` as const))
    .optional()
    .describe("WinPE's writable space; by default what the image has"),
  files: SourcePath.optional().describe(
    'A folder whose content goes into the root of the boot image; with mediasmith/libwim-15.dll in it images are applied by that and not by DISM',
  ),
  background: SourcePath.regex(/\.jpe?g$/i, 'a .jpg file')
    .optional()
    .describe('The picture behind the console, a .jpg file'),
  keyboardLayout: KeyboardLayoutName.optional().describe('The same as keyboardLayout of the medium'),
  commandPrompt: z.boolean().default(false).describe('true: F8 opens a command prompt beside the running sequence'),
  rebuild: z.boolean().default(false).describe('true: write the whole boot.wim anew: smaller, but slower'),
});
export type WinpeOptions = z.infer<typeof WinpeOptions>;

/** How the volumes of a stick are laid out. */
export const STICK_LAYOUTS = ['fat32', 'fat32+exfat'] as const;
export type StickLayout = (typeof STICK_LAYOUTS)[number];
const PARTITION_TABLES = ['mbr', 'gpt'] as const;
export type StickTable = (typeof PARTITION_TABLES)[number];

/** One thing to write. Exactly one of `iso`, `usb`, `prestaged` and `pxe`. */
export const Output = z
  .strictObject({
    iso: z
      .string()
      .regex(/\.iso$/i, 'a path that ends in .iso')
      .optional()
      .describe('The ISO file to write; relative to this file'),
    mediaSize: Size.optional().describe(
      'iso: what one disc holds, as its makers count (4.7 GB, 8.5 GB); what is larger becomes a set of numbered discs',
    ),
    usb: z
      .string()
      .regex(/\.img$/i, 'a path that ends in .img')
      .optional()
      .describe('The image of a USB stick to write; relative to this file'),
    layout: z
      .enum(STICK_LAYOUTS)
      .optional()
      .describe(
        'usb, prestaged: fat32 (of a stick unless given): one volume, for which large images are split; fat32+exfat (of a prestaged medium unless given): FAT32 to start from, exFAT for the data',
      ),
    partitionTable: z
      .enum(PARTITION_TABLES)
      .optional()
      .describe(
        'usb, a prestaged .img: what firmware finds the volumes by; of a stick mbr unless given, which every BIOS takes too, of a prestaged medium gpt',
      ),
    size: Size.optional().describe(
      'usb, a prestaged .img: how large the image is, as makers of sticks count; by default as large as it must be',
    ),
    prestaged: z
      .string()
      .regex(/\.(img|wim)$/i, 'a path that ends in .img or .wim')
      .optional()
      .describe(
        'A medium that lies on the disk it deploys, put there beforehand: the image of the beginning of that disk (.img), or a WIM with an image for each volume (.wim); relative to this file',
      ),
    pxe: SourcePath.optional().describe('The folder to write for a PXE server; relative to this file'),
    url: z
      .url()
      .optional()
      .describe(
        'pxe: the address of that folder on the web server; with linux by default the server that the boot files come from',
      ),
    wimboot: SourcePath.optional().describe('pxe with winpe: your wimboot; relative to this file'),
    wimbootSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i, '64 hexadecimal digits')
      .optional()
      .describe('pxe with winpe: the SHA-256 that wimboot must have'),
  })
  .refine(
    ({ iso, usb, prestaged, pxe }) => [iso, usb, prestaged, pxe].filter((path) => path !== undefined).length === 1,
    {
      message: 'an output is one of iso, usb, prestaged and pxe',
      params: {
        hint: 'Give exactly one of them, for example "iso: branch-office.iso"; each further output is an entry of its own.',
      },
    },
  )
  .refine(({ iso, mediaSize }) => mediaSize === undefined || iso !== undefined, {
    path: ['mediaSize'],
    message: 'mediaSize belongs to an output iso: nothing else is written onto discs',
  });
export type Output = z.infer<typeof Output>;

/** The path of what an output writes. */
export function outputPath({ iso, usb, prestaged, pxe }: Output): string {
  const path = iso ?? usb ?? prestaged ?? pxe;
  if (path === undefined) throw new Error('an output without a path');
  return path;
}

export type OutputKind = 'iso' | 'usb' | 'prestaged' | 'pxe';

/** What an output writes. */
export function outputKind({ iso, usb, prestaged }: Output): OutputKind {
  if (iso !== undefined) return 'iso';
  if (prestaged !== undefined) return 'prestaged';
  return usb === undefined ? 'pxe' : 'usb';
}

/** How the volumes of a stick, or of a prestaged medium, are laid out, and what firmware finds them by. */
export function volumesOf({ prestaged, layout, partitionTable }: Output): {
  layout: StickLayout;
  partitionTable: StickTable;
} {
  const standard = prestaged === undefined ? (['fat32', 'mbr'] as const) : (['fat32+exfat', 'gpt'] as const);
  return { layout: layout ?? standard[0], partitionTable: partitionTable ?? standard[1] };
}

/** wimboot as an output names it. An ordinary Error where it does not: the project was refused before. */
export function wimbootOf({ wimboot, wimbootSha256 }: Output): { path: string; sha256: string } {
  if (wimboot === undefined || wimbootSha256 === undefined) throw new Error('an output without wimboot');
  return { path: wimboot, sha256: wimbootSha256 };
}

/** `media.yaml`: what a person asks for. */
export const MediaFile = z
  .strictObject({
    formatVersion: z.literal(1).describe('The version of this format'),
    name: Title.describe('What the medium is called, on its boot menu and in reports'),
    label: z
      .string()
      .max(32, 'a volume label has at most 32 characters')
      .regex(/^[A-Z0-9_]+$/, 'a volume label has capital letters, digits and _')
      .default('MEDIASMITH')
      .describe('The volume label of the medium'),
    bootEnvironment: z
      .enum(['linux', 'winpe'])
      .default('linux')
      .describe('What the medium starts; linux needs no Microsoft file'),
    winpe: WinpeOptions.optional().describe('With bootEnvironment winpe: where it comes from and what is put into it'),
    keyboardLayout: KeyboardLayoutName.optional().describe(
      'The keyboard of the boot environment: its language (de-DE, fr-CH, en-GB) or what Windows calls it (0407:00000407). By default the American one with linux, that of the image with winpe',
    ),
    fat32: z
      .boolean()
      .default(false)
      .describe('true: images over 4 GiB are split, so that everything can be copied onto a FAT32 stick'),
    unattended: z
      .boolean()
      .default(false)
      .describe('true: nobody is asked anything; what would be a question is an error'),
    images: z.array(ImageSource).default([]).describe('Windows images that sequences apply'),
    packages: z.array(PackageSource).default([]).describe('Folders that sequences use: drivers, programs'),
    applications: z
      .array(Application)
      .max(1000)
      .default([])
      .describe('Programs that sequences install, with what they depend on'),
    upgradePackages: z
      .array(UpgradePackage)
      .default([])
      .describe('Windows installation files for upgrades in place; they lie on the medium as plain folders'),
    variables: z
      .array(MediaVariable)
      .default([])
      .describe('Variables every run from this medium starts with; they win over those of the machines file'),
    machines: SourcePath.optional().describe(
      'A file with variables of single machines and of collections of them; relative to this file',
    ),
    sequences: z
      .array(SourcePath)
      .default([])
      .describe('Task sequence files; relative to this file. At least one, except with contentFrom'),
    preferredSequence: SequenceId.optional().describe('The sequence that starts where nobody is asked'),
    ...MEDIA_OPTIONS,
    contentFrom: ContentFrom.optional().describe(
      'Bootable media: the medium only starts the machine, which reads sequences and content from there',
    ),
    outputs: z.array(Output).min(1).describe('What is written'),
  })
  .superRefine((media, { addIssue }) => {
    for (const { path, message } of [
      ...bootableProblems(media),
      ...prestagedProblems(media),
      ...keyboardProblems(media),
    ]) {
      addIssue({ code: 'custom', path, message });
    }
  })
  .refine(({ bootEnvironment, winpe }) => (bootEnvironment === 'winpe') === (winpe !== undefined), {
    path: ['winpe'],
    message: 'bootEnvironment winpe and the field winpe belong together: give both or neither',
  })
  .refine(
    ({ bootEnvironment, outputs }) =>
      outputs.every(
        ({ pxe, wimboot, wimbootSha256 }) =>
          pxe === undefined || bootEnvironment === 'linux' || (wimboot !== undefined && wimbootSha256 !== undefined),
      ),
    { path: ['outputs'], message: 'pxe with winpe needs wimboot and wimbootSha256' },
  )
  .refine(
    ({ bootEnvironment, outputs }) =>
      outputs.every(({ pxe, url }) => pxe === undefined || bootEnvironment === 'linux' || url !== undefined),
    {
      path: ['outputs'],
      message: 'pxe with winpe needs url: Windows PE cannot find out which server it was started from',
    },
  )
  .meta({ title: 'Mediasmith project' });
export type MediaFile = z.infer<typeof MediaFile>;
