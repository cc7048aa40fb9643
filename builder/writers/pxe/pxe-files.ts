import type { MediaTree } from '../../media-tree.ts';

/** What a PXE tree has besides the medium's own files. */
export type PxeFiles = {
  /** Goes into the manifest. */
  listed: MediaTree;
  /** Does not: texts that an administrator may change. */
  open: MediaTree;
};
