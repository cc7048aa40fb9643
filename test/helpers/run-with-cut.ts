import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { RunResult } from '../../runtime/contract/results.ts';
import type { Ask } from '../../runtime/host/ask.ts';
import { PowerCut } from './power-cut.ts';
import { goOn, type Life, type Machine } from './restarting-machine.ts';

/** Somebody who goes on with what was cut, and leaves a failure alone. */
const present: Ask = { ...goOn, key: async () => undefined };
const MOST_STARTS = 50;

/**
 * Starts a machine until its run has ended, each time in what starts there: the medium first, Windows where the run goes
 * on there, and what was running when the power went. Resolves to whether the power has gone.
 */
export async function runWithCut(machine: Machine, cut: PowerCut, life: Life = {}): Promise<boolean> {
  let platformName: 'linux' | 'windows' = 'linux';
  let wasCut = false;
  for (let starts = 1; starts <= MOST_STARTS; starts++) {
    const power = wasCut ? new PowerCut(0, 0) : cut;
    const { end } = await machine.start({ ask: present, ...life, platformName, cut: power });
    const last = machine.events.at(-1);
    if (end === 'cut') wasCut = true;
    else if (last?.event !== 'finished') throw new Error('it has not ended');
    else if (last.continues !== undefined) platformName = last.continues === 'winpe' ? 'linux' : 'windows';
    // It was cut when all was done for the restart, but for the telling of it.
    else if (last.code === 'STATE_INVALID' && /goes on in the installed Windows/.test(last.error ?? ''))
      platformName = 'windows';
    else return wasCut;
  }
  throw new Error('it never ends');
}

/** What a run has left: how it has ended, what a machine would start, every file on its volumes, what it has said. */
export async function wholeState(machine: Machine) {
  const { claim, prepared, starts } = machine.disk;
  const last = machine.events.at(-1);
  const same = (text: string) => text.replaceAll(machine.folder, '<folder>').replace(TIME, '<time>');
  return {
    ended: last?.event === 'finished' ? { outcome: last.outcome, error: same(last.error ?? '') } : last,
    disk: { claim, prepared, starts },
    volumes: await filesBelow(join(machine.folder, 'volumes'), same),
    ran: distinct(machine.ran),
    log: distinct(
      machine.events.flatMap((event) =>
        event.event === 'log' && !OF_A_CUT.test(event.message) ? [same(event.message)] : [],
      ),
    ),
  };
}

/** The result that a run has left on the Windows volume. */
export async function resultOn(machine: Machine): Promise<RunResult> {
  const file = join(machine.folder, 'volumes/Windows/Windows/Logs/Mediasmith/result-a.json');
  return RunResult.parse(JSON.parse(await readFile(file, 'utf8')));
}

const TIME = /\d{8}T\d{6}Z|\d{4}-\d\d-\d\dT[\d:.]+Z/g;
/**
 * What a cut may add or take away: that there was one, how often something is tried, and what is said of the restart that
 * the cut was in the place of.
 */
const OF_A_CUT = /was cut |^attempt \d+ has failed|; again in \d+ s$|^restart; /;
/** The log of a part of a run, which a cut at its end takes with it. */
const LOG_OF_PART = /smsts-[^/]*\.log$/;

async function filesBelow(folder: string, same: (text: string) => string): Promise<Record<string, unknown>> {
  const files: [string, unknown][] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (LOG_OF_PART.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const content = entry.isDirectory() ? 'folder' : contentOf(path, same(await readFile(path, 'utf8')));
    files.push([same(relative(folder, path)), content]);
  }
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of a result everything but times and the name of the run: all variables and how all steps have ended too. */
function contentOf(path: string, text: string): unknown {
  if (!/result-[^/]*\.json$/.test(path)) return text;
  const { run, started, ended, seconds, steps, ...result } = JSON.parse(text) as RunResult;
  return { ...result, steps: steps.map(({ seconds: _, ...step }) => step) };
}

function distinct(lines: readonly string[]): string[] {
  return [...new Set(lines)].sort();
}
