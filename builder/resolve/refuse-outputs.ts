import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { MediaProject } from '../config/load.ts';
import { outputKind } from '../config/schema.ts';
import { isDiscPath } from '../discs/disc-names.ts';
import { leaves } from '../leaves.ts';
import { outputFiles } from '../output-files.ts';
import { refuseForeignFolder } from '../writers/pxe/replace-folder.ts';

/** Refuses outputs that lie in a source or cannot be written. Compared as the file system sees them: a link is its target. */
export async function refuseOutputs(project: MediaProject): Promise<void> {
  const { images, packages, upgradePackages, sequences, machines, winpe, password, signing, file } = project;
  const named = [
    ...[...images, ...packages, ...upgradePackages].map(({ source }) => source),
    ...sequences.map((sequence) => sequence.file),
    ...[machines?.file, winpe?.source, winpe?.bootFiles, winpe?.files, winpe?.background].filter(
      (path) => path !== undefined,
    ),
    ...[password?.file, signing?.key, signing?.password?.file].filter((path) => path !== undefined),
    ...project.outputs.flatMap(({ wimboot }) => (wimboot === undefined ? [] : [wimboot])),
    file,
  ];
  const sources = await Promise.all(named.map(realPath));
  const seen = new Set<string>();
  const outputs = await Promise.all(
    project.outputs.flatMap((output) =>
      outputFiles(output, project).map(async (path) => ({
        ...{ path, output: join(await realPath(dirname(path)), basename(path)) },
        ...{ isFile: outputKind(output) !== 'pxe', isSet: output.mediaSize !== undefined },
      })),
    ),
  );
  for (const { path, output, isFile, isSet } of outputs) {
    const disc = isSet
      ? [...sources, ...outputs.map((other) => other.output)].find((other) => isDiscPath(other, output))
      : undefined;
    if (disc !== undefined) throw discOverwrites(path, disc);
    // Inside a folder that is a source, or a folder to be written around a file that is one.
    const touched = sources.find((source) => !leaves(source, output) || !leaves(output, source));
    if (touched !== undefined) {
      const inside = touched === output ? 'would replace' : 'lies inside';
      const relation = leaves(touched, output) ? 'would replace the folder of' : inside;
      throw new MediasmithError('OUTPUT_INSIDE_SOURCE', `the output ${path} ${relation} the source ${touched}`, {
        where: path,
        hint: 'Write it somewhere else: a source is never changed by a build.',
      });
    }
    const tree = outputs.find((other) => !other.isFile && other.output !== output && !leaves(other.output, output));
    if (tree !== undefined) throw insideTree(path, tree.path);
    await refuseUnwritable(path, isFile, seen.has(output));
    seen.add(output);
  }
}

function discOverwrites(path: string, other: string): MediasmithError {
  return new MediasmithError('OUTPUT_INSIDE_SOURCE', `a disc of the set ${path} would replace ${other}`, {
    where: path,
    hint: 'Give the output another name: the discs of a set get numbers behind it.',
  });
}

function insideTree(path: string, tree: string): MediasmithError {
  return new MediasmithError('PROJECT_INVALID', `the output ${path} lies inside the output ${tree}`, {
    where: path,
    hint: 'A PXE tree replaces the whole folder: write the other output beside it.',
  });
}

async function refuseUnwritable(path: string, isFile: boolean, twice: boolean): Promise<void> {
  if (!isFile && !twice) return refuseForeignFolder(path);
  const there = await stat(path).catch(() => undefined);
  const reason = twice
    ? 'another output is written to the same place'
    : there?.isDirectory()
      ? 'it is a folder'
      : undefined;
  if (reason === undefined) return;
  throw new MediasmithError('PROJECT_INVALID', `the output ${path} cannot be written: ${reason}`, { where: path });
}

/** The real path of what is there; of the rest of a path that is not there yet, the text. */
async function realPath(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  return join(await realPath(dirname(path)), basename(path));
}
