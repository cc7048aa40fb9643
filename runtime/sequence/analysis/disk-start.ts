import type { Problem } from '../../contract/errors.ts';
import { definitionOf, type Entry, isGroup, type Sequence, type Step, type StepOptions, titleOf } from '../schema.ts';
import { volumeOfLayout } from './filled-volumes.ts';
import type { FlowFacts } from './flow.ts';
import { mayBePassedOver } from './may-be-passed-over.ts';
import { childOf, type Path, type ProblemAt } from './places.ts';

type Layout = StepOptions<'format-and-partition-disk'>;
/** A layout with a fault, and on which conditions it is made. */
type LaidOut = { step: Layout & Step; site: Site; conditional: readonly Entry[] };
/** `what`: what the step does. */
type Reason = { what: string; hint: string };
/** Where problems are reported: in the document itself, or, for a child, at the step that runs it. */
type Site = { path: Path; child?: string };

/** Nobody mends more than this at once, and each is looked at again for every image. */
const MOST_LAYOUTS = 64;

/** They override what the step says (its `fromVariables`). */
const OVERRIDES = /^OSDPartition(Style|s)/i;

/**
 * Layouts onto which Windows is applied and from which no firmware could start it, and volumes without a drive letter
 * onto which any image is applied. The disk of Apply Operating System is
 * the one that was laid out last; where conditions leave several, each counts. Nothing is said where variables may
 * override a layout.
 */
export function disksThatCannotStart(
  sequence: Sequence,
  problemAt: ProblemAt,
  known: (FlowFacts & { variables: readonly string[] }) | undefined,
): Problem[] {
  return new Disks(problemAt, known?.sequences, known?.variables ?? []).follow(sequence);
}

class Disks {
  readonly #problems = new Map<string, Problem>();
  readonly #problemAt: ProblemAt;
  readonly #sequences: FlowFacts['sequences'];
  /** What has a fault of what the target may be at this moment. */
  #targets: LaidOut[] = [];
  #overridden: boolean;

  constructor(problemAt: ProblemAt, sequences: FlowFacts['sequences'], variables: readonly string[]) {
    this.#problemAt = problemAt;
    this.#sequences = sequences;
    this.#overridden = variables.some(overridesLayout);
  }

  follow({ steps }: Sequence): Problem[] {
    this.#entries(steps, { path: ['steps'] }, []);
    return this.#overridden ? [] : [...this.#problems.values()];
  }

  /** `around`: the groups that may be passed over. */
  #entries(entries: readonly Entry[], { path, child }: Site, around: readonly Entry[]): void {
    for (const [index, entry] of entries.entries()) {
      if (!entry.enabled) continue;
      const here = child === undefined ? [...path, index] : path;
      const site = { path: here, ...(child !== undefined && { child }) };
      const conditional = mayBePassedOver(entry) ? [...around, entry] : around;
      if (isGroup(entry)) {
        this.#entries(entry.steps, child === undefined ? { path: [...here, 'steps'] } : site, conditional);
      } else this.#step(entry, site, conditional);
    }
  }

  #step(step: Step, site: Site, conditional: readonly Entry[]): void {
    if (setsOverrides(step)) this.#overridden = true;
    const child = childOf(step);
    if (child !== undefined) {
      const sequence = this.#sequences?.get(child);
      // It may lay out any disk.
      if (sequence === undefined) this.#targets = [];
      else this.#entries(sequence.steps, { path: site.path, child }, conditional);
    } else if (step.step === 'format-and-partition-disk') {
      if (conditional.length === 0) this.#targets = [];
      const faulty = whyNoStart(step) !== undefined || step.volumes?.some(lacksLetter);
      if (faulty && this.#targets.length < MOST_LAYOUTS) this.#targets.push({ step, site, conditional });
    } else if (step.step === 'apply-operating-system' && typeof step.destination !== 'object') {
      // A partition or a drive that is named is none of the layout's.
      for (const target of this.#targets) {
        this.#judge(target, whyNoStart(target.step), conditional);
        this.#judge(target, whyNoImage(target.step, step.volume), conditional);
      }
    } else if (step.step === 'apply-data-image' && step.volume !== undefined) {
      for (const target of this.#targets) this.#judge(target, whyNoImage(target.step, step.volume), conditional);
    }
  }

  #judge({ step, site, conditional }: LaidOut, reason: Reason | undefined, applied: readonly Entry[]): void {
    if (reason === undefined) return;
    const { path, child } = site;
    const key = JSON.stringify([path.map(String), child, titleOf(step), reason.what]);
    // Where the image is applied under a condition of its own, that may exclude the layout.
    const sure = applied.every((entry) => conditional.includes(entry));
    if (this.#problems.has(key) && !sure) return;
    const called = `"${titleOf(step)}"${child === undefined ? '' : ` of sequence "${child}"`}`;
    const problem = this.#problemAt(child === undefined ? [...path, 'volumes'] : path, {
      code: 'SEQUENCE_INVALID',
      severity: sure ? 'error' : 'warning',
      message: `${called} ${reason.what}`,
      hint: reason.hint,
    });
    this.#problems.set(key, problem);
  }
}

/** Whether a name that the medium or its machines give a value to may say what a disk is laid out like. */
export function overridesLayout(name: string): boolean {
  return OVERRIDES.test(name);
}

/** Whether a step sets such a variable. */
export function setsOverrides(step: Step): boolean {
  return definitionOf(step)
    .sets(step as never)
    .some(overridesLayout);
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

type Volume = NonNullable<Layout['volumes']>[number];

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
