import { OPTIONAL_DLLS } from '../../../runtime/native/windows-dlls.ts';
import type { WimFile } from '../../../runtime/wim/wim-file.ts';
import type { WimArchitecture, WimImage } from '../../../runtime/wim/wim-image.ts';
import { COMPONENT_EVIDENCE, componentsOfPackages } from './components.ts';

/** What a boot image has that steps may depend on. */
export type BootImageContents = {
  image: { index: number; name: string; architecture: WimArchitecture; version: string; languages: string[] };
  /** Optional components without `WinPE-` in front: WMI, NetFX, PowerShell, SecureStartup. */
  components: string[];
  /** Which of the programs that steps may use are in System32, without `.exe`. */
  tools: string[];
  /** DLLs that System32 lacks and the runtime can do without, in part. */
  missingDlls: (keyof typeof OPTIONAL_DLLS)[];
};

const TOOLS = [
  'bcdboot',
  'bcdedit',
  'bootsect',
  'chkdsk',
  'cmd',
  'cscript',
  'diskpart',
  'dism',
  'drvload',
  'ipconfig',
  'manage-bde',
  'net',
  'netsh',
  'notepad',
  'pnputil',
  'reagentc',
  'reg',
  'robocopy',
  'wpeinit',
  'wpeutil',
] as const;

const OPTIONAL_NAMES = Object.keys(OPTIONAL_DLLS) as (keyof typeof OPTIONAL_DLLS)[];
const PACKAGES = 'Windows/servicing/Packages';

/** Looks into an image. `system32` are the names in Windows\System32, in lower case. */
export async function describeBootImage(
  wim: WimFile,
  { index, name, windows }: WimImage,
  system32: ReadonlySet<string>,
): Promise<BootImageContents> {
  return {
    image: {
      index,
      name,
      architecture: windows?.architecture ?? 'unknown',
      version: windows?.version ?? '',
      languages: windows?.languages ?? [],
    },
    components: await componentsOf(wim, index),
    tools: TOOLS.filter((tool) => system32.has(`${tool}.exe`)),
    missingDlls: OPTIONAL_NAMES.filter((name) => !system32.has(name)),
  };
}

/** The list of packages is what DISM goes by. Where somebody has removed it, single files tell. */
async function componentsOf(wim: WimFile, index: number): Promise<string[]> {
  const packages = (await wim.exists(index, PACKAGES)) ? await wim.listPaths(index, PACKAGES) : [];
  const named = componentsOfPackages(packages.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));
  if (named.length > 0) return named;
  const found = new Set<string>();
  for (const { component, path } of COMPONENT_EVIDENCE) {
    if (await wim.exists(index, path)) found.add(component);
  }
  return [...found].sort();
}
