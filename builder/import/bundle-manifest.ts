import { z } from 'zod';
import { SequenceId } from '../../runtime/sequence/schema.ts';

/** Where things lie in a zip that `sequence export` writes. */
export const BUNDLE = { manifest: 'mediasmith-sequence.json', sequences: 'sequences', content: 'content' } as const;

const Name = z.string().min(1).max(255);

/** What a sequence takes from the medium, by kind and name. `content`: the folder of the zip it lies in, if it is there. */
const Reference = z.strictObject({
  kind: z.enum(['image', 'package', 'application', 'upgrade-package', 'sequence']),
  name: Name,
  content: z
    .string()
    .regex(/^content\/[a-z-]+\/[a-z0-9-]{1,64}$/, 'not a folder of the content')
    .optional(),
});
export type Reference = z.infer<typeof Reference>;

/** A secret that was not written into the zip. */
const Blanked = z.strictObject({ sequence: SequenceId, step: z.string(), field: z.string(), variable: z.string() });
export type Blanked = z.infer<typeof Blanked>;

/** `mediasmith-sequence.json`: what an exported sequence needs. The first of `sequences` is the one that was exported. */
export const BundleManifest = z.strictObject({
  formatVersion: z.literal(1),
  sequences: z
    .array(z.strictObject({ id: SequenceId, name: z.string() }))
    .min(1)
    .max(1000)
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'an id stands there twice'),
  references: z.array(Reference).max(10_000),
  blanked: z.array(Blanked).max(10_000),
});
export type BundleManifest = z.infer<typeof BundleManifest>;

/** The path of a sequence in the zip. */
export function sequencePath(id: string): string {
  return `${BUNDLE.sequences}/${id}.yaml`;
}
