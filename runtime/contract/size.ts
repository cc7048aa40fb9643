import { z } from 'zod';

const UNITS = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB)$/i;

/** 8 PiB, the largest number of bytes that a JavaScript number counts one by one. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/** A size as a person writes it: `260 MB`. The units are powers of 1024, as in diskpart and in ConfigMgr. */
export const Size = z
  .string()
  .regex(PATTERN, 'a size is a number and a unit, B, KB, MB, GB or TB: 260 MB')
  .superRefine((text, context) => {
    if (!PATTERN.test(text) || parseSize(text) <= LARGEST) return;
    const params = { hint: 'Look at the unit: 260 MB, 64 GB, 2 TB.' };
    context.addIssue({ code: 'custom', message: `no disk and no memory has ${text}`, params });
  })
  .describe('A number and a unit (B, KB, MB, GB, TB; powers of 1024), for example 260 MB');
export type Size = z.infer<typeof Size>;

/** Bytes of a {@link Size}. An ordinary Error for a text that is not one: the schema has refused it before. */
export function parseSize(size: Size): number {
  const [amount, unit] = split(size);
  return Math.round(amount * UNITS[unit]);
}

/** A {@link Size} as makers of discs and sticks count: powers of 1000. */
export function parseMakersSize(size: Size): number {
  const [amount, unit] = split(size);
  return Math.round(amount * 10 ** (3 * Object.keys(UNITS).indexOf(unit)));
}

function split(size: Size): [amount: number, unit: keyof typeof UNITS] {
  const [, amount, unit] = PATTERN.exec(size) ?? [];
  if (amount === undefined || unit === undefined) throw new Error(`not a size: ${size}`);
  return [Number(amount), unit.toUpperCase() as keyof typeof UNITS];
}
