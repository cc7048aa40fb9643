import type { BootMedium } from '../boot/boot-environment.ts';
import type { MediumIdentity } from '../iso-identity.ts';
import type { ManifestDraft } from '../manifest-draft.ts';
import type { MediaTree } from '../media-tree.ts';
import type { Signer } from '../signing/signer.ts';

/** What every writer is given. */
export type MediumToWrite = {
  tree: MediaTree;
  draft: ManifestDraft;
  boot: BootMedium;
  identity: MediumIdentity;
  label: string;
  /** Who vouches for the manifest. */
  signer?: Signer | undefined;
};
