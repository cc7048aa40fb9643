import type { Emit } from '../../runtime/contract/events.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import type { MediumIdentity } from '../iso-identity.ts';
import type { MediaTree } from '../media-tree.ts';
import type { WindowsSigningSet } from '../pe/signing-set.ts';

/** What a medium starts, ready to be put onto media. */
export type BootEnvironment = {
  /** Stands for everything it is made from: the same key, the same bytes on the same medium. */
  key: string;
  /** What its keyboard can type; undefined where that is not known. */
  letters?: ReadonlySet<string>;
  /** Makes what one medium gets of it. */
  forMedium(medium: BootedMedium, context: BootContext): Promise<BootMedium>;
};

/** The medium that is to be started. */
export type BootedMedium = {
  id: string;
  identity: MediumIdentity;
  sequences: readonly { id: string; title: string }[];
  /** Which of two sets of boot files, where that was asked for. */
  signing: WindowsSigningSet | undefined;
  /** The key it trusts: the line of base64 of minisign's public key file. Without one it takes every medium of its id. */
  publicKey: string | undefined;
  /** The machine reads from its network what the medium does not have. */
  network?: boolean;
};

export type BootContext = {
  exec: Exec;
  emit: Emit;
  signal: AbortSignal;
  /** A folder of this medium's own; it is there until the medium is written. */
  workspace: string;
};

/** A boot environment on one medium. */
export type BootMedium = {
  /** Its files, the report of what it is made of among them. */
  tree: MediaTree;
  /** Names the image it starts, where that does not know the medium. */
  bootImage?: string;
  /** What a person should know of it, a line each, and the same as data. */
  report: { lines: readonly string[]; facts: object };
  /** How an ISO starts it. */
  isoBoot(context: BootContext): Promise<IsoBoot>;
  /** How a machine starts it from the network. */
  pxeBoot(context: BootContext): Promise<PxeBoot>;
};

/** How an ISO starts: switches of xorriso's mkisofs emulation, and the files they name that are on no other medium. */
export type IsoBoot = { argv: readonly string[]; files: MediaTree };

/** What a PXE tree has besides the medium's files. WinPE needs nothing more: the user brings wimboot. */
export type PxeBoot =
  | {
      kind: 'linux';
      /** The unpacked Debian packages, with GRUB's network programs. */
      root: string;
      shim: string;
      mokManager: string;
      /** A second initramfs with network drivers. */
      networkImage: string;
    }
  | { kind: 'winpe' };
