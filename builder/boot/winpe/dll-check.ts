import { MediasmithError } from '../../../runtime/contract/errors.ts';

/** Names that stand for a part of the system and not for a file: the loader finds their functions wherever they are. */
const API_SET = /^(api-ms-win-|ext-ms-)/i;

/** The DLLs of an import list that are neither in a folder, given by names in lower case, nor API sets. In lower case, sorted. */
export function missingDlls(imports: readonly string[], present: ReadonlySet<string>): string[] {
  const names = new Set(imports.filter((name) => !API_SET.test(name)).map((name) => name.toLowerCase()));
  return [...names].filter((name) => !present.has(name)).sort();
}

/** Throws `RUNTIME_DLL_MISSING` unless the image has every DLL that the runtime needs. */
export function refuseMissingDlls(boot: string, imports: readonly string[], present: ReadonlySet<string>): void {
  const missing = missingDlls(imports, present);
  if (missing.length === 0) return;
  throw new MediasmithError(
    'RUNTIME_DLL_MISSING',
    `the runtime cannot work in ${boot}: it lacks ${missing.join(', ')}`,
    {
      where: boot,
      lines: missing.map((name) => `missing: \\Windows\\System32\\${name}`),
      hint:
        "Take the boot.wim of a Windows ISO, which has more than the ADK's winpe.wim; or copy the DLL out of your own " +
        'Windows image of the same version and architecture into Windows\\System32 of the folder of additional files.',
    },
  );
}
