/** One file, or one folder, of the medium as the plan tells of it. */
export type PlannedFile = {
  path: string;
  bytes: number;
  from: string;
  how: 'in place' | 'exported' | 'recompressed' | 'joined' | 'split' | 'captured' | 'customised' | 'made';
  /** How large its parts would be, where it may have to be divided. */
  partBytes?: number;
  /** The bytes of each part, where it comes in parts already. */
  partSizes?: readonly number[];
};
