import { join, resolve } from 'node:path';
import type { MediaPlan } from '../../builder/plan/plan.ts';
import { completeAnswers, type SomeAnswers } from '../../builder/project/answers.ts';
import { outsidePaths } from '../../builder/project/project-file.ts';
import {
  existingFiles,
  PROJECT_FILE,
  projectFiles,
  refuseExisting,
  writeProject,
} from '../../builder/project/write-project.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { CommandResult, Session } from '../session.ts';
import { askAll } from '../wizard/ask-all.ts';
import { askContext } from '../wizard/context.ts';
import { fitLines } from '../wizard/fit.ts';
import { givenAnswers } from '../wizard/flags.ts';
import { forget, keep, readKept } from '../wizard/kept-answers.ts';
import { nextCommands } from '../wizard/next-commands.ts';
import { fitPlan, planOf } from '../wizard/plan-of.ts';
import { confirm, isInteractive } from '../wizard/prompts.ts';
import { build, describePlan, planProject } from './build.ts';

/** The answers come beside these, see {@link wizardFlags}. */
export type InitOptions = { yes?: boolean; build?: boolean; continue?: boolean; restart?: boolean };

/** Asks for what makes a medium, shows the plan, writes the project and builds it if that is wanted. */
export async function init(
  session: Session,
  folder: string,
  options: InitOptions & Readonly<Record<string, unknown>>,
): Promise<CommandResult> {
  const { signal } = session;
  const target = resolve(folder);
  const interactive = isInteractive() && options.yes !== true;
  const agreed = new Set<string>();
  await agreeToReplace(await existingFiles(target, [PROJECT_FILE]));

  const given = givenAnswers(options);
  const context = await askContext(session, target, given);
  if (interactive) context.say('Enter takes the answer shown. Ctrl-C stops; what was answered is kept.');
  const kept = await keptAnswers(session, target, options, interactive);
  const some = await askAll(context, {
    given,
    kept,
    interactive,
    onPage: async (until) => {
      if (interactive) await keep(target, { ...kept, ...until });
    },
  });
  const answers = completeAnswers(some);

  const plan = await planOf(answers, target, (file) => planProject(session, file, {}));
  const planned = planText(plan, process.stderr.columns);
  if (interactive) context.say(`\nThe plan\n${planned}`);
  const files = await projectFiles(answers, target);
  await agreeToReplace(await existingFiles(target, files.keys()));
  const written = await writeProject(target, files, { replace: agreed.size > 0, signal });
  await forget(target);
  const project = join(target, PROJECT_FILE);
  if (interactive) context.say(fitLines(writtenText(written), context.columns));

  const wanted =
    options.build ?? (interactive && (await confirm(signal, { message: 'Build it now?', standard: true })));
  const built = wanted ? await build(session, project, {}) : undefined;
  const text = [
    ...(interactive ? [] : [planned, writtenText(written)]),
    ...(built === undefined ? [] : [built.text]),
    ...elsewhereText(outsidePaths(answers, target)),
    nextCommands(project, answers),
  ];
  return { document: { project, files: written, built: built?.document ?? null }, text: text.join('\n') };

  /** What is there is replaced only when somebody has said so. */
  async function agreeToReplace(names: readonly string[]): Promise<void> {
    const asked = names.filter((name) => !agreed.has(name));
    if (asked.length === 0) return;
    const message = `${asked.join(', ')} ${asked.length === 1 ? 'is' : 'are'} there already. Replace?`;
    if (!interactive || !(await confirm(signal, { message, standard: false }))) refuseExisting(target, asked);
    for (const name of asked) agreed.add(name);
  }
}

/** A project is moved to another machine, or given to others. */
function elsewhereText(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const list = paths.map((path) => `  ${path}\n`).join('');
  return [`Outside the project, so named in full; another machine will not find them there:\n${list}`];
}

function writtenText(paths: readonly string[]): string {
  return `Written, and yours to edit:\n${paths.map((path) => `  ${path}\n`).join('')}`;
}

/** The plan as a screen of some columns shows it; what a dry run says at its end is not so here. */
function planText(plan: MediaPlan, columns = Number.POSITIVE_INFINITY): string {
  const text = describePlan(fitPlan(plan, columns)).replace(/^Nothing was written\.$/m, '');
  return `${fitLines(text, columns).trimEnd()}\n`;
}

async function keptAnswers(
  { signal }: Session,
  folder: string,
  { continue: goOn, restart }: InitOptions,
  interactive: boolean,
): Promise<SomeAnswers> {
  if (goOn === true && restart === true) {
    throw new MediasmithError('USAGE', '--continue and --restart exclude each other', { hint: 'Give one of them.' });
  }
  const kept = await readKept(folder);
  if (kept === undefined || restart === true) return {};
  const message = 'A run was left in the middle. Go on where you stopped?';
  const wanted = goOn ?? (interactive && (await confirm(signal, { message, standard: true })));
  return wanted ? kept : {};
}
