import { z } from 'zod';

/** `mediasmith/disc.json`: which disc of which set this is. Every disc of a set has one. */
const DiscLabel = z.object({
  formatVersion: z.literal(1),
  mediumId: z.uuid(),
  disc: z.int().positive(),
  of: z.int().min(2),
});
export type DiscLabel = z.infer<typeof DiscLabel>;

/** Undefined for a text that is none, and for one that contradicts itself. */
export function parseDiscLabel(text: string): DiscLabel | undefined {
  try {
    const { data } = DiscLabel.safeParse(JSON.parse(text));
    return data === undefined || data.disc > data.of ? undefined : data;
  } catch {
    return undefined;
  }
}

/** What a volume label may have at most (ISO 9660). */
const LABEL_LENGTH = 32;

/** The volume label of one disc: that of the medium and its number. */
export function discVolumeLabel(label: string, disc: number): string {
  const number = `_${disc}`;
  return `${label.slice(0, LABEL_LENGTH - number.length)}${number}`;
}
