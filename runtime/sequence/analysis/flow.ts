import type { Problem } from '../../contract/errors.ts';
import { environmentOf, type PlatformName } from '../../contract/step.ts';
import type { Condition } from '../condition.ts';
import { definitionOf, type Entry, type Group, isGroup, type Sequence, type Step, titleOf } from '../schema.ts';
import { askedRestart } from './asked-restart.ts';
import { childOf, type Path, type ProblemAt } from './places.ts';
import { splitByCondition, type Where } from './where-condition.ts';

export type FlowFacts = {
  platform: Exclude<PlatformName, 'windows'>;
  sequences: ReadonlyMap<string, Sequence> | undefined;
};

/**
 * Steps that cannot run at any place where the sequence may be when it comes to them, and steps it never comes to. The
 * sequence is followed from where it starts through restarts, conditions and children; what cannot be told (a condition
 * that asks the machine, a step that may fail and be passed over) leaves both ways open.
 */
export function misplacedSteps(sequence: Sequence, problemAt: ProblemAt, known: FlowFacts | undefined): Problem[] {
  return new Flow(problemAt, known).follow(sequence);
}

/** Where the sequence is after an entry, and everywhere it may have been inside. */
type Passed = { end: Where; seen: Where };
/** Where problems are reported: in the document itself, or, for a child, at the step that runs it. */
type Site = { path: Path; child?: string };
type Found = Pick<Problem, 'code' | 'message' | 'hint'> & { severity?: Problem['severity'] };

class Flow {
  readonly #problems = new Map<string, Problem>();
  readonly #problemAt: ProblemAt;
  readonly #boot: Where;
  readonly #sequences: FlowFacts['sequences'];
  /** The conditions of the groups around the place, and its own. */
  readonly #around: (Condition | undefined)[] = [];
  /** Whoever starts it says where. */
  #startsAnywhere = false;

  constructor(problemAt: ProblemAt, known: FlowFacts | undefined) {
    this.#problemAt = problemAt;
    this.#boot = known === undefined ? ['winpe', 'linux'] : [known.platform];
    this.#sequences = known?.sequences;
  }

  follow({ startsIn, steps }: Sequence): Problem[] {
    const start = { winpe: this.#boot, 'full-os': ['windows'] as const, any: this.#anywhere() };
    this.#startsAnywhere = startsIn === 'any';
    this.#entries(steps, start[startsIn], { path: ['steps'] });
    return [...this.#problems.values()];
  }

  #entries(entries: readonly Entry[], start: Where, { path, child }: Site): Passed {
    let where = start;
    let seen = start;
    for (const [index, entry] of entries.entries()) {
      if (!entry.enabled) continue;
      const site = child === undefined ? { path: [...path, index] } : { path, child };
      const passed = this.#entry(entry, where, site);
      where = passed.end;
      seen = union(seen, passed.seen);
    }
    return { end: where, seen };
  }

  #entry(entry: Entry, where: Where, site: Site): Passed {
    const { may, mayNot } =
      entry.condition === undefined ? { may: where, mayNot: [] } : splitByCondition(entry.condition, where);
    this.#around.push(entry.condition);
    const passed = isGroup(entry) ? this.#group(entry, may, where, site) : this.#step(entry, may, where, site);
    this.#around.pop();
    const end = union(passed.end, mayNot, entry.continueOnError ? passed.seen : []);
    return { end, seen: union(end, passed.seen) };
  }

  #group({ steps }: Group, may: Where, where: Where, { path, child }: Site): Passed {
    // A group whose condition never holds is passed over; one that is never come to is looked through for its steps.
    if (may.length === 0 && where.length > 0) return { end: [], seen: [] };
    return this.#entries(steps, may, child === undefined ? { path: [...path, 'steps'] } : { path, child });
  }

  #step(step: Step, may: Where, where: Where, site: Site): Passed {
    if (where.length === 0) {
      this.#never(step, site);
      return { end: [], seen: [] };
    }
    const here = may.filter((place) => step.runIn === 'any' || environmentOf(place) === step.runIn);
    const passedOver = may.filter((place) => !here.includes(place));
    if (here.length === 0) return { end: passedOver, seen: may };
    const child = childOf(step);
    if (child !== undefined) return this.#child(child, here, passedOver, site);
    const { runsOn } = definitionOf(step).traits;
    const fits = here.filter((place) => runsOn.includes(place));
    if (fits.length === 0) {
      this.#misplaced(step, here, site);
      return { end: may, seen: may };
    }
    if (this.#boot.join() === 'linux' && fits.includes('windows') && restartOf(step) === 'winpe')
      this.#fromWindowsIntoLinux(step, site);
    return { end: union(passedOver, this.#after(step, fits)), seen: may };
  }

  #child(id: string, here: Where, passedOver: Where, { path }: Site): Passed {
    const sequence = this.#sequences?.get(id);
    if (sequence === undefined) return { end: this.#anywhere(), seen: this.#anywhere() };
    const passed = this.#entries(sequence.steps, here, { path, child: id });
    return { end: union(passed.end, passedOver), seen: union(passed.seen, passedOver) };
  }

  /** A restart from the boot environment into Windows ends the sequence, unless Setup Windows took it along. */
  #after(step: Step, where: Where): Where {
    const { traits } = definitionOf(step);
    const into = restartOf(step);
    if (into === 'unknown') return this.#anywhere();
    if (into === undefined || into === 'here') return where;
    const takesAlong = traits.carriesOver === true || (!traits.reboots && askedRestart(step) === undefined);
    return union(
      ...where.map((place): Where => {
        if (into === 'winpe') return place === 'windows' ? this.#boot : [place];
        return place === 'windows' || takesAlong ? ['windows'] : [];
      }),
    );
  }

  #anywhere(): Where {
    return [...this.#boot, 'windows'];
  }

  #never(step: Step, { path, child }: Site): void {
    const message = `${called(step, child)} would never run: it comes after a step that restarts the machine for good`;
    const hint =
      'To go on in the deployed Windows, use setup-windows in the place of restart-computer; else put the restart last.';
    this.#report(path, child, { code: 'SEQUENCE_STEP_AFTER_RESTART', message, hint });
  }

  #misplaced(step: Step, here: Where, { path, child }: Site): void {
    const { runsOn } = definitionOf(step).traits;
    const message = `${called(step, child)} cannot run here: the sequence is in ${words(here)} at this step`;
    const windows = runsOn.includes('windows') ? ' It may come after setup-windows, or startsIn may be full-os.' : '';
    const hint = `It runs in ${words(runsOn)}.${windows}`;
    this.#report(child === undefined ? [...path, 'step'] : path, child, { code: 'SEQUENCE_INVALID', message, hint });
  }

  /** The machines are not known here, so this is a warning; the runtime refuses before the first step. */
  #fromWindowsIntoLinux(step: Step, { path, child }: Site): void {
    if (this.#startsAnywhere || this.#around.some(asksForFirmware)) return;
    const message = `${called(step, child)} restarts the running Windows into Linux: a computer with BIOS refuses the whole sequence`;
    const hint =
      'Where all computers have UEFI nothing is to be done. Else ask for it (_SMSTSBootUEFI equals true), or use WinPE.';
    this.#report(path, child, { code: 'SEQUENCE_INVALID', severity: 'warning', message, hint });
  }

  /** Of a child one problem of a kind is enough: the rest shows in its own file. */
  #report(path: Path, child: string | undefined, problem: Found): void {
    const key = `${path.map(String).join('.')} ${problem.code} ${child ?? ''}`;
    if (!this.#problems.has(key)) this.#problems.set(key, this.#problemAt(path, problem));
  }
}

const NAMES = { winpe: 'WinPE', linux: 'the Linux boot environment', windows: 'the running Windows' } as const;

/** Where the sequence is to go on after a step, by what the step is or by the variable it sets. */
function restartOf(step: Step): ReturnType<typeof askedRestart> {
  return askedRestart(step) ?? definitionOf(step).continuesIn(step as never);
}

function words(where: Where): string {
  return where.map((place) => NAMES[place]).join(' or ');
}

function called(step: Step, child: string | undefined): string {
  return `"${titleOf(step)}"${child === undefined ? '' : ` of sequence "${child}"`}`;
}

/** Whether it has a word of it at all, whatever it says then. */
function asksForFirmware(condition: Condition | undefined): boolean {
  return condition !== undefined && /"variable":"_SMSTSBootUEFI"/i.test(JSON.stringify(condition));
}

function union(...parts: Where[]): Where {
  return [...new Set(parts.flat())];
}
