import type { Problem } from '../../runtime/contract/errors.ts';
import { Machines, variablesOf } from '../../runtime/contract/machines.ts';
import type { ManifestVariable } from '../../runtime/contract/manifest.ts';
import { withoutEffectProblem } from '../../runtime/sequence/analysis/without-effect.ts';
import { checkDocument } from '../../runtime/sequence/document.ts';
import type { ProblemAt } from '../../runtime/sequence/issues.ts';
import { readText } from './read-text.ts';
import type { MediaFile } from './schema.ts';

/** The machines file of a project. Absent when there is none, or when it has problems. */
export async function readMachines(
  { machines: file }: Pick<MediaFile, 'machines'>,
  problemAt: ProblemAt,
): Promise<{ value?: Machines; problems: Problem[] }> {
  if (file === undefined) return { problems: [] };
  const text = await readText(file).catch((error: Error) => error);
  if (text instanceof Error) {
    return { problems: [problemAt(['machines'], { code: 'SOURCE_NOT_FOUND', message: text.message })] };
  }
  const { value, problems, problemAt: inMachines } = checkDocument(Machines, text, file, 'PROJECT_INVALID');
  if (value === undefined) return { problems };
  return { value, problems: [...problems, ...givenForNothing(value, inMachines)] };
}

function givenForNothing(machines: Machines, problemAt: ProblemAt): Problem[] {
  return (['collections', 'machines'] as const).flatMap((list) =>
    machines[list].flatMap(({ variables }, index) =>
      Object.keys(variables).flatMap((name) => withoutEffectProblem(name, [list, index, 'variables', name], problemAt)),
    ),
  );
}

type Variables = Pick<MediaFile, 'variables' | 'unattended' | 'machines' | 'password'>;

/**
 * What is wrong between the variables of the medium and the rest of the project. A secret may have a value only where all
 * values are sealed.
 */
export function variableProblems(
  { variables, unattended, machines: file, password }: Variables,
  machines: Machines | undefined,
  problemAt: ProblemAt,
): Problem[] {
  const given = new Set((machines === undefined ? [] : variablesOf(machines)).map((name) => name.toLowerCase()));
  const forNothing = variables.flatMap(({ name }, index) =>
    withoutEffectProblem(name, ['variables', index, 'name'], problemAt),
  );
  const wrong = variables.flatMap(({ name, value, secret }, index) => {
    const at = ['variables', index, 'name'];
    const open = secret && password === undefined;
    if (open && value !== undefined) {
      const message = 'a secret value would lie on the medium in clear';
      return [problemAt(['variables', index, 'value'], { code: 'PROJECT_INVALID', message, hint: IN_CLEAR })];
    }
    if (open && given.has(name.toLowerCase())) {
      const message = `the machines file gives the secret variable "${name}" a value, which would lie on the medium in clear`;
      return [problemAt(at, { code: 'PROJECT_INVALID', message, hint: `${IN_CLEAR} It stands in ${file}.` })];
    }
    if (!unattended || hasValue(value) || given.has(name.toLowerCase())) return [];
    const message = `"${name}" would be a question, and nobody is asked on an unattended medium`;
    return [
      problemAt(at, { code: 'PROJECT_INVALID', message, hint: 'Give it a value, here or in the machines file.' }),
    ];
  });
  return [...wrong, ...forNothing];
}

const IN_CLEAR =
  'Leave the value out: whoever starts the sequence is then asked for it. Or give the medium a password, which seals it.';

/** The variables as a medium has them. */
export function mediaVariables({ variables }: Pick<MediaFile, 'variables'>): ManifestVariable[] {
  return variables.map(({ name, value, secret }) => ({ name, secret, ...(hasValue(value) && { value }) }));
}

/** ConfigMgr takes an empty value of a media variable for a question too. */
function hasValue(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
