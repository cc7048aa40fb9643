import { type Output, outputPath, type WinpeOptions } from './config/schema.ts';
import type { WindowsSigningSet } from './pe/signing-set.ts';

/** One medium of a project. With `secureBoot: both` there are two, which differ in their boot files. */
export type Variant = { signing: WindowsSigningSet | undefined };

/** The media a project asks for; `signing` undefined: what the source has. */
export function variantsOf({ winpe }: { winpe?: WinpeOptions | undefined }): Variant[] {
  if (winpe?.secureBoot === 'both') return [{ signing: '2011' }, { signing: '2023' }];
  const asked = winpe?.secureBoot;
  return [{ signing: asked === undefined ? undefined : (String(asked) as WindowsSigningSet) }];
}

/** What an output of the project writes: one file or folder, or one for each set of boot files. */
export function outputFiles(output: Output, project: { winpe?: WinpeOptions | undefined }): string[] {
  return variantsOf(project).map((variant) => outputFile(output, variant, project));
}

/** Where one medium is written: under the output's own path, or, where there are two, under one of its own. */
export function outputFile(output: Output, variant: Variant, project: { winpe?: WinpeOptions | undefined }): string {
  const path = outputPath(output);
  return variantsOf(project).length === 1 ? path : variantPath(path, variant);
}

/** `medium.iso` of the variant 2023 is `medium-2023.iso`. */
function variantPath(path: string, { signing }: Variant): string {
  return signing === undefined
    ? path
    : path.replace(/(\.iso|\.img|\.wim)?$/i, (extension) => `-${signing}${extension}`);
}
