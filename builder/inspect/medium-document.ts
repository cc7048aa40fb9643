import type { Manifest, ManifestSource } from '../../runtime/contract/manifest.ts';
import type { EfiProgramFacts } from './efi-programs.ts';
import type { StickFacts } from './medium-files.ts';
import type { SignatureFacts } from './medium-signature.ts';
import type { PartSize } from './part-sizes.ts';

export type MediumType = 'iso' | 'stick' | 'wim' | 'pxe' | 'folder';

/** What `inspect --json` prints of a medium. What the medium does not say is null. Never the value of a variable. */
export type MediumDocument = {
  id: string;
  label: string;
  type: MediumType;
  bootEnvironments: {
    kind: Manifest['bootEnvironment'];
    architecture: string | null;
    /** 2011, 2023, other, unsigned or mixed for WinPE; for Linux the authorities behind its shim. */
    signing: string;
    files: EfiProgramFacts[];
    /** The driver packages inside it. */
    drivers: string[];
  }[];
  operatingSystems: {
    name: string;
    edition: string | null;
    architecture: string | null;
    version: string | null;
    language: string | null;
  }[];
  /** Steps without groups and without those of children. */
  sequences: { id: string; name: string; steps: number | null }[];
  /** Bytes are what an image or a package needs once it is applied. */
  content: { id: string; kind: 'package' | 'image'; bytes: number }[];
  /** Driver packages: those that sequences use, and those inside the boot environment. */
  drivers: {
    name: string;
    in: 'content' | 'boot environment';
    infs: number;
    classes: string[];
    architectures: string[];
  }[];
  name: string;
  /** Read from a block device, and not from a file or folder. */
  device: boolean;
  stick: StickFacts | null;
  /** Program and version. */
  builtBy: string;
  /** Who has built it, and when. */
  record: { by: string; at: string } | null;
  sources: ManifestSource[];
  /** By the clock of this machine. */
  validity: { from: string | null; until: string | null; now: 'valid' | 'not-yet' | 'expired' } | null;
  /** Held against the key on the medium, so it says only that the manifest is as somebody has made it. */
  signature: SignatureFacts;
  /** Sequences and variables can be read with the password only; they are missing here. */
  sealed: boolean;
  /** What firmware starts it; none of a PXE tree, which machines are sent from. */
  firmware: ('BIOS' | 'UEFI')[];
  unattended: boolean;
  /** It is made to lie on the disk that it deploys. */
  prestaged: boolean;
  /** Of the boot environment; null: its own. */
  keyboardLayout: string | null;
  /** A bootable medium: where its sequences and content are. */
  contentFrom: string | null;
  preferredSequence: string | null;
  copyFirst: boolean;
  prestart: { command: string | string[]; package: string | null } | null;
  /** How many discs the set has; null for a medium that is whole in itself. */
  discs: number | null;
  /** Which of them this is; null also where the files of several are together. */
  disc: number | null;
  /** The medium has variables of single machines or of collections of them. */
  machines: boolean;
  applications: { name: string; package: string; dependsOn: string[] }[];
  upgradePackages: {
    name: string;
    version: string;
    architecture: string;
    languages: string[];
    editions: string[];
    bytes: number;
  }[];
  variables: { name: string; asked: boolean; secret: boolean }[];
  /** As they lie on the medium. */
  sizes: { files: number; bytes: number; parts: PartSize[] };
  /** SHA-256 of the manifest, by which two media can be compared. */
  manifestSha256: string;
};
