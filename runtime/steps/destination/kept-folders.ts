import { win32 } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import type { TargetVolume, VolumeFiles } from '../../platform/platform.ts';
import { STATE_FOLDER } from '../../platform/state-folder.ts';
import type { StepContext } from '../context.ts';

/**
 * Restore points and shadow copies: what Windows writes there is found by its place on the volume and not by its name, so
 * that it must not become somebody else's.
 */
const OF_THE_VOLUME = 'System Volume Information';
/** What every Windows has in its root: an image brings its own. */
const OF_WINDOWS = [
  ...['$Recycle.Bin', '$WINDOWS.~BT', 'Boot', 'Documents and Settings', 'EFI', 'PerfLogs', 'Program Files'],
  ...['Program Files (x86)', 'Program Files (Arm)', 'ProgramData', 'Recovery', 'Users', 'Windows', 'Windows.old'],
].map((name) => name.toLowerCase());
/** What Windows makes of a long name for old programs. */
const SHORT_NAME = /~\d/;
/** The folder that USMT makes in every store. */
const STORE = 'USMT';
const TOOLS = ['scanstate.exe', 'amd64/scanstate.exe', 'arm64/scanstate.exe'];

/**
 * The folders in a volume's root that outlive its being replaced: the state of the run, what holds the state store that
 * ConfigMgr's variables name, and what holds any other store, because an earlier run may have left it.
 */
export async function keptFolders(volume: TargetVolume, context: StepContext): Promise<string[]> {
  const { variables, platform } = context;
  const stores = ['OSDStateStorePath', '_SMSTSUserStatePath']
    .flatMap((name) => variables.get(name) ?? [])
    .flatMap((path) => folderInRoot(path).map((folder) => ({ path, folder })));
  await using mounted = await platform.mount(volume, 'read');
  const present = (await mounted.files.list('')).map((name) => name.toLowerCase());
  for (const { path, folder } of stores) {
    if (isOfWindows(folder) && (await mounted.files.exists(inVolume(path)))) throw amongWindows(path);
    if (SHORT_NAME.test(folder) && !present.includes(folder.toLowerCase())) throw byShortName(path);
  }
  const found = await foldersWithStores(mounted.files);
  const names = [
    STATE_FOLDER,
    OF_THE_VOLUME,
    ...stores.map(({ folder }) => folder).filter((folder) => !isOfWindows(folder)),
    ...found,
  ];
  return names.filter((name, at) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === at);
}

/** The folders in a volume's root that hold user state, whoever has captured it; none on a volume that cannot be read. */
export async function userStateOn(
  volume: TargetVolume,
  { platform }: Pick<StepContext, 'platform'>,
): Promise<string[]> {
  try {
    await using mounted = await platform.mount(volume, 'read');
    return await foldersWithStores(mounted.files);
  } catch {
    return [];
  }
}

/** The folder in the root of its drive that a local path lies in; none for a share. Pure. */
export function folderInRoot(path: string): string[] {
  const [, folder] = /^[A-Z]:\\+([^\\]+)/i.exec(asWindowsReads(path)) ?? [];
  return folder === undefined ? [] : [folder];
}

/** With forward slashes, without its drive. */
function inVolume(path: string): string {
  return asWindowsReads(path).slice('C:\\'.length).replaceAll('\\', '/');
}

/** One folder has many spellings (Microsoft: "Naming Files, Paths, and Namespaces"). */
function asWindowsReads(path: string): string {
  const plain = win32.normalize(path.replace(/^[\\/]{2}[?.][\\/](?=[A-Z]:)/i, ''));
  return plain.replace(/[. ]+(?=\\|$)/g, '');
}

function isOfWindows(name: string): boolean {
  return OF_WINDOWS.includes(name.toLowerCase());
}

async function foldersWithStores(files: VolumeFiles): Promise<string[]> {
  const found: string[] = [];
  for (const name of await files.list('')) {
    if (isOfWindows(name)) continue;
    const folders = [name, ...(await files.list(name).catch(() => [])).map((inner) => `${name}/${inner}`)];
    for (const folder of folders) {
      if (!(await isStore(`${folder}/${STORE}`, files))) continue;
      found.push(name);
      break;
    }
  }
  return found;
}

async function isStore(path: string, files: VolumeFiles): Promise<boolean> {
  if (!(await files.exists(path))) return false;
  for (const tool of TOOLS) if (await files.exists(`${path}/${tool}`)) return false;
  return true;
}

function amongWindows(path: string): MediasmithError {
  return new MediasmithError('STEP_FAILED', 'the state store lies among the folders of Windows, which are replaced', {
    where: path,
    hint: 'Capture user state to a folder of its own, C:\\StateStore. Nothing was changed.',
  });
}

function byShortName(path: string): MediasmithError {
  return new MediasmithError('STEP_FAILED', 'nobody can tell which folder of the volume holds the state store', {
    where: path,
    hint: 'Give its whole name in the place of the short one. Nothing was changed.',
  });
}
