import { cacheFolder } from '../../builder/cache-folder.ts';
import { loadProject } from '../../builder/config/load.ts';
import { readText } from '../../builder/config/read-text.ts';
import { gatherSequences } from '../../builder/export/gather-sequences.ts';
import { imagesOnHand } from '../../builder/resolve/images-on-hand.ts';
import { unfitVolumes } from '../../builder/resolve/unfit-volumes.ts';
import type { Problem } from '../../runtime/contract/errors.ts';
import { exec } from '../../runtime/host/exec.ts';
import { childProblems } from '../../runtime/sequence/analysis/child-problems.ts';
import { childOf, enabledPlaces, stepsOf } from '../../runtime/sequence/analysis/places.ts';
import { type Wipe, wipesOf } from '../../runtime/sequence/analysis/wipes.ts';
import { topLevelKeys } from '../../runtime/sequence/document.ts';
import { loadSequence, readSequence } from '../../runtime/sequence/load.ts';
import type { Sequence } from '../../runtime/sequence/schema.ts';
import { renderProblem } from '../report-error.ts';
import type { CommandResult } from '../session.ts';

/** Checks a project with its sequences, or a sequence alone. Problems are the result, not an error; exit code 2 with one. */
export async function validate(file: string): Promise<CommandResult> {
  const text = await readText(file);
  const { sequences, problems } = await (isSequence(text) ? oneSequence(text, file) : project(file));
  const failed = problems.some(({ severity }) => severity === 'error');
  const wipes = sequences.flatMap((sequence) => wipesOf(sequence).map((wipe) => ({ sequence: sequence.id, ...wipe })));
  return {
    document: { problems, ...(wipes.length > 0 && { wipes }) },
    text: `${describe(file, problems)}${wipes.map(renderWipe).join('')}`,
    exitCode: failed ? 2 : 0,
  };
}

type Checked = { sequences: readonly Sequence[]; problems: readonly Problem[] };

async function oneSequence(text: string, file: string): Promise<Checked> {
  const { sequence, problems } = loadSequence(text, file);
  if (sequence === undefined) return { sequences: [], problems };
  const found = [...problems, ...(await childrenBeside(sequence, text, file))];
  return { sequences: [sequence], problems: found.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** What the files beside a sequence say of its children. One that is not there may lie elsewhere in its project. */
async function childrenBeside(sequence: Sequence, text: string, file: string): Promise<Problem[]> {
  const steps = stepsOf(enabledPlaces(sequence.steps));
  const { sequences, missing } = await gatherSequences(file);
  const known = new Map(sequences.map((one) => [one.sequence.id, one.sequence]));
  const { problemAt } = readSequence(text, file);
  const elsewhere = steps.flatMap(({ entry, path }) => {
    const child = childOf(entry);
    if (child === undefined || !missing.includes(child)) return [];
    const message = `there is no sequence "${child}" that can be read beside this one`;
    const hint = 'Validate the project that has both.';
    return [problemAt([...path, 'sequence'], { code: 'SEQUENCE_INVALID', severity: 'warning', message, hint })];
  });
  return [...elsewhere, ...childProblems(sequence, steps, problemAt, known, missing)];
}

async function project(file: string): Promise<Checked> {
  const { project: loaded, problems } = await loadProject(file);
  if (loaded === undefined) return { sequences: [], problems };
  const { signal } = new AbortController();
  const context = { cacheFolder: cacheFolder(), exec, emit: () => undefined, signal };
  const unfit = await unfitVolumes(loaded, await imagesOnHand(loaded.images, context));
  return { sequences: loaded.sequences.map(({ sequence }) => sequence), problems: [...problems, ...unfit] };
}

function renderWipe({ sequence, step, volume }: Wipe & { sequence: string }): string {
  return `${sequence}: "${step}" removes everything from ${volume}, but for user state\n`;
}

/** A sequence has steps at its top, a project has outputs. */
function isSequence(text: string): boolean {
  const keys = topLevelKeys(text);
  return keys.includes('steps') && !keys.includes('outputs');
}

function describe(file: string, problems: readonly Problem[]): string {
  if (problems.length === 0) return `${file}: no problems\n`;
  return `${problems.map(renderProblem).join('\n')}\n`;
}
