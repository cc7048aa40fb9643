import { z } from 'zod';

/** One package inside the boot environment: enough to find its source and to name its licence. */
export const PackageNotice = z.object({
  name: z.string(),
  version: z.string(),
  source: z.string(),
  sourceVersion: z.string(),
  licence: z.string().describe("The short names of the package's copyright file, or where to read them"),
});
export type PackageNotice = z.infer<typeof PackageNotice>;
