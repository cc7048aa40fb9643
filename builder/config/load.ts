import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { ERROR_CODES, type ErrorCode, MediasmithError, type Problem } from '../../runtime/contract/errors.ts';
import { type CheckedDocument, checkDocument } from '../../runtime/sequence/document.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import type { Sequence } from '../../runtime/sequence/schema.ts';
import { leaves } from '../leaves.ts';
import { readText } from './read-text.ts';
import { MediaFile, outputPath, type WinpeOptions } from './schema.ts';

/** A project whose documents are in order: every path absolute, every sequence read. Sources are not yet opened. */
export type MediaProject = Omit<MediaFile, 'sequences'> & {
  file: string;
  sequences: { file: string; sequence: Sequence }[];
};

export type LoadedProject = { project?: MediaProject; problems: Problem[] };

type ProblemAt = CheckedDocument<unknown>['problemAt'];

/** Reads media.yaml and its sequences. Everything wrong with any of them comes back at once as problems. */
export async function loadProject(path: string): Promise<LoadedProject> {
  const file = resolve(path);
  const document = checkDocument(MediaFile, await readText(file), file, 'PROJECT_INVALID');
  if (document.value === undefined) return { problems: document.problems };
  const { problemAt } = document;
  const placed = placePaths(document.value, dirname(file), problemAt);
  const read = await readSequences(placed.value, problemAt);
  const problems = [
    ...placed.problems,
    ...(await missingSources(placed.value, problemAt)),
    ...repeatedNames(placed.value, problemAt),
    ...unknownDrivers(placed.value, problemAt),
    ...read.problems,
  ];
  const failed = problems.some(({ severity }) => severity === 'error');
  return failed ? { problems } : { project: { ...placed.value, file, sequences: read.sequences }, problems };
}

/** The project, or an error that carries every problem; its code is theirs where they all have the same. */
export async function loadProjectOrThrow(path: string): Promise<MediaProject> {
  const { project, problems } = await loadProject(path);
  if (project !== undefined) return project;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [code, ...others] = new Set(errors.map((problem) => problem.code));
  const known = code !== undefined && others.length === 0 && Object.hasOwn(ERROR_CODES, code);
  const count = errors.length === 1 ? 'a problem' : `${errors.length} problems`;
  throw new MediasmithError(known ? (code as ErrorCode) : 'PROJECT_INVALID', `${path} has ${count}`, {
    where: path,
    problems,
  });
}

/** Makes every path absolute. A relative one must stay in the folder: what lies elsewhere is named in full. */
function placePaths(value: MediaFile, folder: string, problemAt: ProblemAt): { value: MediaFile; problems: Problem[] } {
  const problems: Problem[] = [];
  const place = (written: string, ...at: PropertyKey[]): string => {
    const absolute = resolve(folder, written);
    if (!isAbsolute(written) && leaves(folder, absolute)) {
      const message = `"${written}" leaves the project's folder`;
      const hint = 'Write an absolute path when something outside the folder is meant.';
      problems.push(problemAt(at, { code: 'PATH_OUTSIDE', message, hint }));
    }
    return absolute;
  };
  const placed: MediaFile = {
    ...value,
    images: value.images.map((image, index) => ({ ...image, source: place(image.source, 'images', index, 'source') })),
    packages: value.packages.map((item, index) => ({
      ...item,
      source: place(item.source, 'packages', index, 'source'),
    })),
    sequences: value.sequences.map((written, index) => place(written, 'sequences', index)),
    outputs: value.outputs.map((output, index) => ({
      ...output,
      ...(output.iso !== undefined && { iso: place(output.iso, 'outputs', index, 'iso') }),
      ...(output.pxe !== undefined && { pxe: place(output.pxe, 'outputs', index, 'pxe') }),
      ...(output.wimboot !== undefined && { wimboot: place(output.wimboot, 'outputs', index, 'wimboot') }),
    })),
    ...(value.winpe !== undefined && { winpe: placeWinpe(value.winpe, place) }),
  };
  return { value: placed, problems };
}

function placeWinpe(winpe: WinpeOptions, place: (written: string, ...at: PropertyKey[]) => string): WinpeOptions {
  const { source, bootFiles, files, background } = winpe;
  return {
    ...winpe,
    source: place(source, 'winpe', 'source'),
    ...(bootFiles !== undefined && { bootFiles: place(bootFiles, 'winpe', 'bootFiles') }),
    ...(files !== undefined && { files: place(files, 'winpe', 'files') }),
    ...(background !== undefined && { background: place(background, 'winpe', 'background') }),
  };
}

/** Only a warning: a project may be checked where its sources are not. The build opens them and is strict. */
async function missingSources({ images, packages, winpe }: MediaFile, problemAt: ProblemAt): Promise<Problem[]> {
  const named: [at: PropertyKey[], path: string | undefined][] = [
    ...images.map(({ source }, index): [PropertyKey[], string] => [['images', index, 'source'], source]),
    ...packages.map(({ source }, index): [PropertyKey[], string] => [['packages', index, 'source'], source]),
    ...(['source', 'bootFiles', 'files', 'background'] as const).map((field): [PropertyKey[], string | undefined] => [
      ['winpe', field],
      winpe?.[field],
    ]),
  ];
  const problems: Problem[] = [];
  for (const [at, path] of named) {
    if (path === undefined || (await stat(path).catch(() => undefined)) !== undefined) continue;
    problems.push(problemAt(at, { code: 'SOURCE_NOT_FOUND', severity: 'warning', message: `${path} does not exist` }));
  }
  return problems;
}

/** Drivers of the boot image are packages like those of a sequence. */
function unknownDrivers({ packages, winpe }: MediaFile, problemAt: ProblemAt): Problem[] {
  const names = packages.map(({ name }) => name);
  return (winpe?.drivers ?? []).flatMap((driver, index) =>
    names.includes(driver)
      ? []
      : [
          problemAt(['winpe', 'drivers', index], {
            code: 'PROJECT_INVALID',
            message: `there is no package named "${driver}"`,
            hint: 'Add it to packages.',
          }),
        ],
  );
}

function repeatedNames({ images, packages, outputs }: MediaFile, problemAt: ProblemAt): Problem[] {
  const lists: [path: (index: number) => PropertyKey[], names: string[]][] = [
    [(index) => ['images', index, 'name'], images.map(({ name }) => name)],
    [(index) => ['packages', index, 'name'], packages.map(({ name }) => name)],
    [(index) => ['outputs', index], outputs.map(outputPath)],
  ];
  return lists.flatMap(([path, names]) =>
    repeated(names).map(([index, name]) =>
      problemAt(path(index), { code: 'PROJECT_INVALID', message: `"${name}" stands here a second time` }),
    ),
  );
}

async function readSequences(
  project: MediaFile,
  problemAt: ProblemAt,
): Promise<Pick<MediaProject, 'sequences'> & { problems: Problem[] }> {
  const problems: Problem[] = [];
  const sequences: MediaProject['sequences'] = [];
  const known = {
    images: project.images.map(({ name }) => name),
    packages: project.packages.map(({ name }) => name),
    platform: project.bootEnvironment,
  };
  for (const [index, file] of project.sequences.entries()) {
    const text = await readText(file).catch((error: Error) => error);
    if (text instanceof Error) {
      problems.push(problemAt(['sequences', index], { code: 'SOURCE_NOT_FOUND', message: text.message }));
      continue;
    }
    const loaded = loadSequence(text, file, known);
    problems.push(...loaded.problems);
    if (loaded.sequence !== undefined) sequences.push({ file, sequence: loaded.sequence });
  }
  for (const [index, id] of repeated(sequences.map(({ sequence }) => sequence.id))) {
    problems.push(
      problemAt(['sequences', index], { code: 'PROJECT_INVALID', message: `two sequences have the id "${id}"` }),
    );
  }
  return { sequences, problems };
}

/** Entries that stand in a list a second time, with their index. */
function repeated(names: readonly string[]): [index: number, name: string][] {
  return [...names.entries()].filter(([index, name]) => names.indexOf(name) < index);
}
