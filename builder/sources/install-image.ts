import { MediasmithError } from '../../runtime/contract/errors.ts';
import { openSource } from './open-source.ts';
import type { SourceContext, SourceTree } from './source-tree.ts';

/** Where the Windows images lie on Microsoft's media; a medium for both architectures has a folder for each. */
const PLACES = ['', 'x64/'].flatMap((folder) =>
  ['wim', 'esd', 'swm'].map((extension) => `${folder}sources/install.${extension}`),
);

/** A WIM, ESD or first SWM on this machine. */
export type InstallImageSource = {
  file: string;
  /** What a person knows it by: one inside an ISO lies in the cache. */
  name: string;
};

/** The image file that a source means: the file itself, or the one inside a Windows ISO or its folder. */
export async function installImage(path: string, context: SourceContext): Promise<InstallImageSource> {
  const source = await openSource(path, context);
  if (source.kind === 'wim') return { file: source.file, name: path };
  const { tree } = source;
  const found = findInstallImage(tree);
  const [file] = await tree.fetch(partsOf(tree, found));
  if (file === undefined) throw new Error('nothing was fetched');
  return { file, name: `${found} in ${path}` };
}

function findInstallImage(tree: SourceTree): string {
  const found = PLACES.map((place) => tree.find(place)).find((path) => path !== undefined);
  const alone = tree.files().filter((path) => /^[^/]+\.(wim|esd|swm)$/i.test(path) && !/\d\.swm$/i.test(path));
  const [only, ...others] = alone;
  if (found !== undefined) return found;
  if (only !== undefined && others.length === 0) return only;
  throw new MediasmithError('SOURCE_INVALID', `${tree.path} has no Windows image in it`, {
    where: tree.path,
    lines: only === undefined ? [`looked for: ${PLACES.join(', ')}`] : alone.map((path) => `several: ${path}`),
    hint: 'Name a Windows ISO, a folder with its files, or the .wim, .esd or .swm file itself.',
  });
}

/** A split image comes with its further parts: install.swm, install2.swm, ... */
function partsOf(tree: SourceTree, first: string): string[] {
  if (!/\.swm$/i.test(first)) return [first];
  const stem = first.slice(0, -'.swm'.length).toLowerCase();
  const further = tree.files().filter((path) => {
    const name = path.toLowerCase();
    return name.startsWith(stem) && /^\d+\.swm$/.test(name.slice(stem.length));
  });
  return [first, ...further];
}
