import { z } from 'zod';
import { ContentFrom } from './content-from.ts';

/** Paths on a medium, as this version writes them. */
export const MEDIUM_PATHS = {
  manifest: 'mediasmith/manifest.json',
  manifestDigest: 'mediasmith/manifest.json.sha256',
  /** minisign's format, over the manifest. */
  manifestSignature: 'mediasmith/manifest.json.minisig',
  /** The key this medium's boot environment trusts, for who has no other. */
  publicKey: 'mediasmith/minisign.pub',
  /** An age identity under the medium's password, and what is sealed to it. */
  identity: 'mediasmith/password.age',
  sealed: 'mediasmith/sealed.age',
  sequences: 'mediasmith/sequences',
  images: 'mediasmith/images',
  content: 'mediasmith/content.wim',
  /** Of a set: which disc this is. Differs from disc to disc, so no manifest lists it. */
  disc: 'mediasmith/disc.json',
  machines: 'mediasmith/machines.json',
  upgrade: 'mediasmith/upgrade',
  /** GRUB for a BIOS that starts a stick: the code of sector 0, and what it loads. Finds the medium by its id. */
  bios: 'mediasmith/bios',
  biosBootSector: 'mediasmith/bios/boot.img',
  biosCore: 'mediasmith/bios/core.img',
  /** ConfigMgr's name for the text that says what a medium is. */
  label: 'MediaLabel.txt',
  autorun: 'autorun.inf',
  bootPackages: 'mediasmith/boot-environment.json',
  licences: 'mediasmith/licences',
} as const;

/** A path on the medium: forward slashes, relative, never upward. */
export const MediumPath = z
  .string()
  .regex(/^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[^\\\p{Cc}]+$/u, 'a relative path that stays inside the medium');

/**
 * Where a stick has two volumes, what the machine starts from lies on the other one, without the manifest. A rule and not
 * a field, so that the same manifest, and its signature, holds for every layout.
 */
export function liesOnBootVolume(path: string): boolean {
  return !path.startsWith('mediasmith/') || path.startsWith(`${MEDIUM_PATHS.bios}/`);
}

export const ManifestFile = z.object({
  path: MediumPath,
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  disc: z.int().positive().optional().describe('Of a set: the disc it lies on; the first unless it says so'),
});
export type ManifestFile = z.infer<typeof ManifestFile>;

/** One Windows image, or one content package, as an image of a WIM on the medium. */
export const ManifestImage = z.object({
  name: z.string(),
  file: MediumPath,
  index: z.int().positive(),
  bytes: z.number().describe('What its files need once applied to NTFS'),
  architecture: z.string().optional(),
  edition: z.string().optional(),
  version: z.string().optional(),
  language: z.string().optional(),
});
export type ManifestImage = z.infer<typeof ManifestImage>;

/** The drivers in a folder, by their INF files. */
export const ManifestDrivers = z.object({
  infs: z.int().positive().describe('How many INF files install a driver'),
  classes: z.array(z.string()).describe('Their setup classes, such as Net'),
  architectures: z.array(z.string()).describe('As an INF names them: amd64, arm64'),
});
export type ManifestDrivers = z.infer<typeof ManifestDrivers>;

/** An application as steps install it. What it depends on was resolved when the medium was built. */
export const ManifestApplication = z.object({
  name: z.string(),
  package: z.string().describe('The content package its command is run in'),
  command: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe('As Windows takes it, or a program and its arguments'),
  successCodes: z.array(z.int()).min(1),
  dependsOn: z.array(z.string()).describe('Everything that must be installed before it, in that order'),
});
export type ManifestApplication = z.infer<typeof ManifestApplication>;

/** Windows installation files as a plain folder: setup.exe is started from the medium itself. */
const ManifestUpgradePackage = z.object({
  name: z.string(),
  folder: MediumPath,
  architecture: z.string(),
  version: z.string(),
  languages: z.array(z.string()),
  editions: z.array(z.string()),
});

/** A variable the medium gives; without a value somebody is asked for it. */
export const ManifestVariable = z.object({ name: z.string(), value: z.string().optional(), secret: z.boolean() });
export type ManifestVariable = z.infer<typeof ManifestVariable>;

/** When a medium may be used, by the clock of the machine. */
export const Validity = z.object({ from: z.iso.datetime().optional(), until: z.iso.datetime().optional() });
export type Validity = z.infer<typeof Validity>;

/** A command line that runs before a sequence is chosen, in the folder of a package where it names one. */
export const ManifestPrestart = z.object({
  command: z.union([z.string(), z.array(z.string()).min(1)]),
  package: z.string().optional(),
});
export type ManifestPrestart = z.infer<typeof ManifestPrestart>;

/** Who has built a medium and when, where that was asked for: it makes two builds differ. */
export const BuildRecord = z.object({ by: z.string(), at: z.iso.datetime() });
export type BuildRecord = z.infer<typeof BuildRecord>;

/** What a medium was built from. */
export const ManifestSource = z.object({
  name: z.string(),
  file: z.string().describe("The file's or folder's own name"),
  fingerprint: z.string(),
});
export type ManifestSource = z.infer<typeof ManifestSource>;

/** `mediasmith/manifest.json`: what is on a medium. A reader of a later version reads every formatVersion before it. */
export const Manifest = z.object({
  formatVersion: z.literal(1),
  id: z.uuid(),
  name: z.string(),
  label: z.string(),
  builtBy: z.string().describe('Program and version'),
  bootEnvironment: z.enum(['linux', 'winpe']),
  keyboardLayout: z
    .string()
    .optional()
    .describe("The keyboard of the boot environment: a language, or Windows' name of a layout"),
  bootImage: z
    .uuid()
    .optional()
    .describe('The boot image of WinPE that starts it, which does not name the medium and so stays the same with it'),
  unattended: z.boolean(),
  contentFrom: ContentFrom.optional().describe('A bootable medium: sequences and content lie there'),
  sequences: z.array(z.object({ id: z.string(), name: z.string(), file: MediumPath })),
  images: z.array(ManifestImage),
  packages: z.array(ManifestImage.extend({ drivers: ManifestDrivers.optional() })),
  bootDrivers: z
    .array(ManifestDrivers.extend({ name: z.string() }))
    .default([])
    .describe('The driver packages that were put into the boot image of Windows PE'),
  applications: z.array(ManifestApplication).default([]),
  upgradePackages: z.array(ManifestUpgradePackage).default([]),
  windowsRuntimes: z
    .array(z.object({ architecture: z.enum(['x64', 'arm64']), file: MediumPath }))
    .default([])
    .describe('The runtime for an installed Windows'),
  variables: z.array(ManifestVariable).default([]),
  machines: MediumPath.optional().describe('Variables of single machines and of collections of them'),
  preferredSequence: z.string().optional().describe('The one that starts where nobody is asked'),
  validity: Validity.optional(),
  sealed: z
    .literal(true)
    .optional()
    .describe('Sequences, variables and machines lie in the sealed file, which the password opens'),
  prestart: ManifestPrestart.optional(),
  copyFirst: z
    .boolean()
    .default(false)
    .describe('All content goes onto the target disk before it is used, so that the medium can be taken out'),
  discs: z.int().min(2).optional().describe('How many discs the set has'),
  prestaged: z
    .literal(true)
    .optional()
    .describe('It is made to lie on the disk that it deploys, and to leave that disk at the end'),
  record: BuildRecord.optional(),
  sources: z.array(ManifestSource).default([]),
  files: z
    .array(ManifestFile)
    .describe(
      'Every file on the medium but the manifest, its digest and the two El Torito files that xorriso makes, sorted by path',
    ),
});
export type Manifest = z.infer<typeof Manifest>;
