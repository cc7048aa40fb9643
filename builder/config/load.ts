import { dirname, resolve } from 'node:path';
import { ERROR_CODES, type ErrorCode, MediasmithError, type Problem } from '../../runtime/contract/errors.ts';
import type { Machines } from '../../runtime/contract/machines.ts';
import type { ManifestApplication } from '../../runtime/contract/manifest.ts';
import { exists } from '../../runtime/host/exists.ts';
import { checkDocument } from '../../runtime/sequence/document.ts';
import type { ProblemAt } from '../../runtime/sequence/issues.ts';
import { resolveApplications } from './applications.ts';
import { neededExcluded, unknownExcluded, withoutExcluded } from './excluded-content.ts';
import { windowsKeyboard } from './keyboard-layouts.ts';
import { mediaOptionProblems } from './media-option-problems.ts';
import { placePaths } from './place-paths.ts';
import { type ProjectSequence, readSequences } from './read-sequences.ts';
import { readText } from './read-text.ts';
import { repeated } from './repeated.ts';
import { MediaFile, outputPath } from './schema.ts';
import { readMachines, variableProblems } from './variables.ts';

/**
 * A project whose documents are in order: every path absolute, every sequence read, every application with all it depends
 * on. Sources are not yet opened.
 */
export type MediaProject = Omit<MediaFile, 'sequences' | 'applications' | 'machines'> & {
  file: string;
  sequences: ProjectSequence[];
  applications: ManifestApplication[];
  machines: { file: string; value: Machines } | undefined;
};

export type LoadedProject = { project?: MediaProject; problems: Problem[] };

/**
 * Reads media.yaml, its machines file and its sequences. Everything wrong with any of them comes back at once as problems.
 * A validity that is over at `now` is one of them.
 */
export async function loadProject(path: string, now = new Date()): Promise<LoadedProject> {
  const file = resolve(path);
  const document = checkDocument(MediaFile, await readText(file), file, 'PROJECT_INVALID');
  if (document.value === undefined) return { problems: document.problems };
  const { problemAt } = document;
  const placed = placePaths(document.value, dirname(file), problemAt);
  const media = placed.value;
  const machines = await readMachines(media, problemAt);
  const read = await readSequences(media, machines.value, problemAt);
  const { applications, problems: ofApplications } = resolveApplications(media, problemAt);
  const problems = [
    ...placed.problems,
    ...(await missingSources(media, problemAt)),
    ...repeatedNames(media, problemAt),
    ...unknownDrivers(media, problemAt),
    ...ofApplications,
    ...machines.problems,
    ...variableProblems(media, machines.value, problemAt),
    ...mediaOptionProblems(media, problemAt, now),
    ...unknownExcluded(media, problemAt),
    ...neededExcluded(media, read.sequences, applications, problemAt),
    ...read.problems,
  ];
  if (problems.some(({ severity }) => severity === 'error')) return { problems };
  const given = machines.value;
  const ofMachines =
    media.machines === undefined || given === undefined ? undefined : { file: media.machines, value: given };
  return {
    project: {
      ...{ ...media, ...keyboardOf(media), file, machines: ofMachines, sequences: read.sequences },
      ...withoutExcluded(media, applications),
    },
    problems,
  };
}

/** The keyboard, wherever it was named: as it was, and as Windows PE is told it. */
function keyboardOf({ keyboardLayout: named, winpe }: MediaFile): Pick<MediaFile, 'keyboardLayout' | 'winpe'> {
  const keyboardLayout = named ?? winpe?.keyboardLayout;
  if (keyboardLayout === undefined) return {};
  return {
    keyboardLayout,
    ...(winpe !== undefined && { winpe: { ...winpe, keyboardLayout: windowsKeyboard(keyboardLayout) } }),
  };
}

/** Loads a project without a word of its warnings; what {@link projectOrThrow} throws. */
export async function loadProjectOrThrow(path: string): Promise<MediaProject> {
  return projectOrThrow(path, await loadProject(path));
}

/** The project, or an error that carries every problem; its code is theirs where they all have the same. */
export function projectOrThrow(path: string, { project, problems }: LoadedProject): MediaProject {
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

/** Only a warning: a project may be checked where its sources are not. The build opens them and is strict. */
async function missingSources(project: MediaFile, problemAt: ProblemAt): Promise<Problem[]> {
  const { winpe, password, signing } = project;
  const lists = (['images', 'packages', 'upgradePackages'] as const).flatMap((list) =>
    project[list].flatMap(({ name, source }, index): [at: PropertyKey[], path: string][] =>
      // A package that stays off the medium is read all the same: the boot image may have its drivers.
      list !== 'packages' && project.exclude.includes(name) ? [] : [[[list, index, 'source'], source]],
    ),
  );
  const named: [at: PropertyKey[], path: string | undefined][] = [
    ...lists,
    ...(['source', 'bootFiles', 'files', 'background'] as const).map((field): [PropertyKey[], string | undefined] => [
      ['winpe', field],
      winpe?.[field],
    ]),
    [['password', 'file'], password?.file],
    [['signing', 'key'], signing?.key],
    [['signing', 'password', 'file'], signing?.password?.file],
  ];
  const problems: Problem[] = [];
  for (const [at, path] of named) {
    if (path === undefined || (await exists(path))) continue;
    problems.push(
      problemAt(at, {
        code: 'SOURCE_NOT_FOUND',
        severity: 'warning',
        message: `${path} does not exist`,
        hint: 'Correct the path, or put it there before the medium is built.',
      }),
    );
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

function repeatedNames(project: MediaFile, problemAt: ProblemAt): Problem[] {
  const named = ['images', 'packages', 'applications', 'upgradePackages'] as const;
  const lists: [path: (index: number) => PropertyKey[], names: string[]][] = [
    ...named.map((list): [(index: number) => PropertyKey[], string[]] => [
      (index) => [list, index, 'name'],
      project[list].map(({ name }) => name),
    ]),
    [(index) => ['variables', index, 'name'], project.variables.map(({ name }) => name.toLowerCase())],
    [(index) => ['outputs', index], project.outputs.map(outputPath)],
  ];
  return lists.flatMap(([path, names]) =>
    repeated(names).map(([index, name]) =>
      problemAt(path(index), {
        code: 'PROJECT_INVALID',
        message: `"${name}" stands here a second time`,
        hint: 'Remove one of the two, or give it another name.',
      }),
    ),
  );
}
