import { z } from 'zod';
import type { ConditionFacts } from '../../contract/facts.ts';
import { Comparison, satisfies, versionOrder } from './comparison.ts';
import { expandFacts, unsetName } from './expand.ts';
import { notEvaluated, type Verdict, verdict } from './verdict.ts';

const PATH = z.string().min(1).max(4000);

const Modified = z
  .strictObject({
    operator: Comparison.describe('How its time stands to the value'),
    value: z.iso.datetime().describe('A time in UTC: 2024-01-31T00:00:00Z'),
  })
  .describe('When it was last modified, to the second');

export const FileCondition = z.strictObject({
  file: PATH.describe('The path of a file; %variables% are replaced first. Without version and modified: it exists'),
  version: z
    .strictObject({
      operator: Comparison.describe('How its version stands to the value'),
      value: z
        .string()
        .max(4000)
        .regex(/^\d+(\.\d+){0,3}$|%/, 'a version has up to four numbers with dots between: 10.0.26100.1')
        .describe('10.0.26100.1, or fewer numbers; %variables% are replaced first'),
    })
    .optional()
    .describe('The file version in the resources of an executable'),
  modified: Modified.optional(),
});
export type FileCondition = z.infer<typeof FileCondition>;

export const FolderCondition = z.strictObject({
  folder: PATH.describe('The path of a folder; %variables% are replaced first. Without modified: it exists'),
  modified: Modified.optional(),
});
export type FolderCondition = z.infer<typeof FolderCondition>;

/** False for a file that is not there, whatever is asked of it. A file without a version satisfies only `notEquals`. */
export async function evaluateFile(condition: FileCondition, facts: ConditionFacts): Promise<Verdict> {
  const path = expandFacts(condition.file, facts);
  const what = `file "${path}"`;
  const file = unsetName(path) === undefined ? await facts.system.file(path) : undefined;
  if (file === undefined) return verdict(false, what, absence(path), 'exists');
  const tests = [modifiedTest(condition.modified, file.modified), versionTest(condition, file.version, facts)];
  return tested(what, tests);
}

export async function evaluateFolder(condition: FolderCondition, facts: ConditionFacts): Promise<Verdict> {
  const path = expandFacts(condition.folder, facts);
  const what = `folder "${path}"`;
  const folder = unsetName(path) === undefined ? await facts.system.folder(path) : undefined;
  if (folder === undefined) return verdict(false, what, absence(path), 'exists');
  return tested(what, [modifiedTest(condition.modified, folder.modified)]);
}

type Test = { holds: boolean; found: string; asked: string };

function tested(what: string, tests: readonly (Test | undefined)[]): Verdict {
  const asked = tests.filter((test) => test !== undefined);
  if (asked.length === 0) return verdict(true, what, 'there', 'exists');
  const join = (part: 'found' | 'asked', word: string) => asked.map((test) => test[part]).join(word);
  return verdict(
    asked.every(({ holds }) => holds),
    what,
    join('found', ', '),
    join('asked', ' and '),
  );
}

function absence(path: string): string {
  const unset = unsetName(path);
  return unset === undefined ? 'not there' : `not there: %${unset}% is not set`;
}

function modifiedTest(asked: z.infer<typeof Modified> | undefined, modified: Date): Test | undefined {
  if (asked === undefined) return undefined;
  const order = seconds(modified) - seconds(new Date(asked.value));
  const found = `modified ${new Date(seconds(modified) * 1000).toISOString().replace('.000', '')}`;
  return { holds: satisfies(asked.operator, order), found, asked: `modified ${asked.operator} ${asked.value}` };
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function versionTest({ version: asked }: FileCondition, version: string | undefined, facts: ConditionFacts) {
  if (asked === undefined) return undefined;
  const value = expandFacts(asked.value, facts);
  if (Number.isNaN(versionOrder(value, value))) {
    throw notEvaluated(`"${value}" is no version`, 'Give numbers with dots between: 10.0.26100.1.');
  }
  const holds = satisfies(asked.operator, versionOrder(version ?? '', value));
  const found = version === undefined ? 'without a version' : `version ${version}`;
  return { holds, found, asked: `version ${asked.operator} ${value}` };
}
