import type { ContentKind } from './mapping.ts';

/** What became of one sequence. `steps` counts those of the source; each of them is taken over or left out. */
export type SequenceReport = {
  file: string;
  name: string;
  steps: number;
  takenOver: number;
  changed: { step: string; type: string; what: string }[];
  leftOut: { step: string; type: string; reason: string }[];
};

export type ImportReport = {
  sequences: SequenceReport[];
  toSupply: { kind: ContentKind; id: string; name: string }[];
  passwords: { step: string; field: string }[];
  /** What was in the folder already and is as it was: nothing of the import went there. */
  kept: string[];
};
