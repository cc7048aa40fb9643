import type { Problem } from '../../contract/errors.ts';
import { definitionOf, type Sequence, type Step, titleOf } from '../schema.ts';
import { type FilledVolume, filledVolumes, volumeOfLayout } from './filled-volumes.ts';
import type { FlowFacts } from './flow.ts';
import type { ProblemAt } from './places.ts';
import { sitesOf } from './sites.ts';

type Layout = FilledVolume['layout'];
type Volume = NonNullable<Layout['volumes']>[number];
/** `what`: what the step does. */
type Reason = { what: string; hint: string };

/** They override what the step says (its `fromVariables`). */
const OVERRIDES = /^OSDPartition(Style|s)/i;

/**
 * Layouts onto which Windows is applied and from which no firmware could start it, and volumes without a drive letter
 * onto which any image is applied. Nothing is said where variables may override a layout.
 */
export function disksThatCannotStart(
  sequence: Sequence,
  problemAt: ProblemAt,
  known: (FlowFacts & { variables: readonly string[] }) | undefined,
): Problem[] {
  const { sequences = new Map<string, Sequence>(), variables = [] } = known ?? {};
  if (variables.some(overridesLayout)) return [];
  for (const { step } of sitesOf(sequence.steps, sequences)) if (setsAny(step, overridesLayout)) return [];
  const problems = new Map<string, Problem>();
  for (const { layout, path, child, kind, volume, sure, elsewhere } of filledVolumes(sequence, sequences)) {
    const isIts = !elsewhere || volume === undefined || hasVolume(layout, volume);
    const reasons = [
      kind === 'windows' && isIts ? whyNoStart(layout) : undefined,
      volume === undefined ? undefined : whyNoImage(layout, volume),
    ];
    for (const reason of reasons) {
      if (reason === undefined) continue;
      const key = JSON.stringify([path.map(String), child, titleOf(layout), reason.what]);
      if (problems.has(key) && !sure) continue;
      const called = `"${titleOf(layout)}"${child === undefined ? '' : ` of sequence "${child}"`}`;
      const problem = problemAt(child === undefined ? [...path, 'volumes'] : path, {
        code: 'SEQUENCE_INVALID',
        severity: sure ? 'error' : 'warning',
        message: `${called} ${reason.what}`,
        hint: reason.hint,
      });
      problems.set(key, problem);
    }
  }
  return [...problems.values()];
}

function hasVolume({ volumes }: Layout, named: string): boolean {
  return volumes === undefined || volumeOfLayout(volumes, named) !== undefined;
}

/** Whether a name that the medium or its machines give a value to may say what a disk is laid out like. */
export function overridesLayout(name: string): boolean {
  return OVERRIDES.test(name);
}

/** Whether a step sets a variable of a name that is asked for. */
export function setsAny(step: Step, isAskedFor: (name: string) => boolean): boolean {
  return definitionOf(step)
    .sets(step as never)
    .some(isAskedFor);
}

const ADD_EFI = 'Add { type: efi, size: 260 MB } as the first volume, or leave volumes out: then it is there.';
const ADD_ACTIVE = 'Write bootable: true at the volume that the BIOS starts from: the first one, or that of Windows.';

function whyNoStart({ style, volumes }: Layout): Reason | undefined {
  if (volumes === undefined) return undefined;
  const never = (what: string, hint: string): Reason => ({
    what: `lays out a disk that Windows could never start from: ${what}`,
    hint,
  });
  const efi = volumes.some(({ type, fileSystem = 'fat32' }) => type === 'efi' && fileSystem === 'fat32');
  const active = volumes.some(({ bootable, type, fileSystem }) => bootable && type !== 'efi' && fileSystem !== 'none');
  if (style === 'gpt') return efi ? undefined : never('a GPT disk without an EFI system partition', ADD_EFI);
  if (style === 'mbr') return active ? undefined : never('an MBR disk without an active partition', ADD_ACTIVE);
  if (efi || active) return undefined;
  return never('it has neither an EFI system partition nor an active one', `${ADD_EFI} For a BIOS: ${ADD_ACTIVE}`);
}

/** `named`: the volume of the layout, by its name or the variable that has it. */
function whyNoImage({ volumes = [] }: Layout, named: string): Reason | undefined {
  const volume = volumeOfLayout(volumes, named);
  if (volume === undefined || !lacksLetter(volume)) return undefined;
  return {
    what: `gives volume "${named}" no drive letter, and an image is applied to it`,
    hint: 'Take assignVolumeLetter: false from it, let it be no hidden one, or apply the image to another volume.',
  };
}

function lacksLetter({ type, assignVolumeLetter }: Volume): boolean {
  return type === 'hidden' || assignVolumeLetter === false;
}
