import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { MediasmithError, type Problem } from '../../runtime/contract/errors.ts';
import { checkDocument } from '../../runtime/sequence/document.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import type { Sequence } from '../../runtime/sequence/schema.ts';
import { leaves } from '../leaves.ts';
import { type ImageSource, MediaFile, type Output, type PackageSource } from './schema.ts';

/** A project whose documents are in order: every path absolute, every sequence read. Sources are not yet opened. */
export type MediaProject = Omit<MediaFile, 'sequences' | 'images' | 'packages' | 'outputs'> & {
  file: string;
  images: ImageSource[];
  packages: PackageSource[];
  outputs: Output[];
  sequences: { file: string; sequence: Sequence }[];
};

export type LoadedProject = { project?: MediaProject; problems: Problem[] };

/** Reads media.yaml and its sequences. Everything wrong with any of them comes back at once as problems. */
export async function loadProject(path: string): Promise<LoadedProject> {
  const file = resolve(path);
  const document = checkDocument(MediaFile, await readDocument(file), file, 'PROJECT_INVALID');
  if (document.value === undefined) return { problems: document.problems };
  const { value, problemAt } = document;
  const problems: Problem[] = [];
  const folder = dirname(file);
  const place = (written: string, at: PropertyKey[]): string => {
    const absolute = resolve(folder, written);
    if (!isAbsolute(written) && leaves(folder, absolute)) {
      problems.push(
        problemAt(at, {
          code: 'PATH_OUTSIDE',
          message: `"${written}" leaves the project's folder`,
          hint: 'Write an absolute path when something outside the folder is meant.',
        }),
      );
    }
    return absolute;
  };
  const images = value.images.map((image, index) => ({
    ...image,
    source: place(image.source, ['images', index, 'source']),
  }));
  const packages = value.packages.map((item, index) => ({
    ...item,
    source: place(item.source, ['packages', index, 'source']),
  }));
  const outputs = value.outputs.map((output, index) => ({ iso: place(output.iso, ['outputs', index, 'iso']) }));
  const files = value.sequences.map((written, index) => place(written, ['sequences', index]));
  for (const key of ['images', 'packages'] as const) {
    for (const [index, name] of repeated(value[key].map((item) => item.name))) {
      problems.push(
        problemAt([key, index, 'name'], {
          code: 'PROJECT_INVALID',
          message: `the name "${name}" is used twice in ${key}`,
        }),
      );
    }
  }
  for (const [index, output] of repeated(outputs.map(({ iso }) => iso))) {
    problems.push(
      problemAt(['outputs', index, 'iso'], {
        code: 'PROJECT_INVALID',
        message: `two outputs would be written to ${output}`,
      }),
    );
  }
  const known = { images: images.map(({ name }) => name), packages: packages.map(({ name }) => name) };
  const sequences: MediaProject['sequences'] = [];
  for (const [index, path] of files.entries()) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) {
      problems.push(
        problemAt(['sequences', index], { code: 'SOURCE_NOT_FOUND', message: `cannot read the sequence ${path}` }),
      );
      continue;
    }
    const loaded = loadSequence(text, path, known);
    problems.push(...loaded.problems);
    if (loaded.sequence !== undefined) sequences.push({ file: path, sequence: loaded.sequence });
  }
  for (const [index, id] of repeated(sequences.map(({ sequence }) => sequence.id))) {
    problems.push(
      problemAt(['sequences', index], { code: 'PROJECT_INVALID', message: `two sequences have the id "${id}"` }),
    );
  }
  const project = { ...value, file, images, packages, outputs, sequences };
  return problems.some(({ severity }) => severity === 'error') ? { problems } : { project, problems };
}

/** The project, or an error that carries every problem. */
export async function loadProjectOrThrow(path: string): Promise<MediaProject> {
  const { project, problems } = await loadProject(path);
  if (project !== undefined) return project;
  const first = problems.find(({ code }) => code === 'PATH_OUTSIDE') === undefined ? 'PROJECT_INVALID' : 'PATH_OUTSIDE';
  throw new MediasmithError(
    first,
    `${path} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`,
    { where: path, problems },
  );
}

async function readDocument(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new MediasmithError('PROJECT_NOT_FOUND', `cannot read ${file}`, {
      where: file,
      hint: 'Name a media.yaml file. The examples that come with Mediasmith are in templates/examples.',
      cause,
    });
  }
}

/** Entries that stand in a list a second time, with their index. */
function repeated(names: readonly string[]): [index: number, name: string][] {
  return [...names.entries()].filter(([index, name]) => names.indexOf(name) < index);
}
