import { flattenSteps, Sequence, type Step, stepSchema } from '../../runtime/sequence/schema.ts';
import { variablesAlone } from '../import/secrets.ts';
import { secretOptions } from './secret-options.ts';

/**
 * The variables that are secret, in lower case: those that sequences mark, those that a secret option consists of, and
 * those that a secret variable consists of.
 */
export function secretNames(sequences: readonly Sequence[]): Set<string> {
  const steps = sequences.flatMap((sequence) => flattenSteps(sequence.steps));
  const settings = steps.flatMap(settingsOf);
  const marked = settings.filter(({ secret }) => secret).map(({ name }) => name);
  const options = [
    ...sequences.flatMap(({ logPassword }) => secretOptions(Sequence.shape.logPassword, logPassword)),
    ...steps.flatMap((step) => secretOptions(stepSchema(step.step), step)),
  ];
  const used = options.flatMap(({ value }) => variablesAlone(String(value)));
  const names = new Set([...marked, ...used].map((name) => name.toLowerCase()));
  const values = Map.groupBy(settings, ({ name }) => name.toLowerCase());
  // The set grows while it is gone through.
  for (const name of names) {
    for (const { value } of values.get(name) ?? [])
      for (const inner of variablesAlone(value)) names.add(inner.toLowerCase());
  }
  return names;
}

/** The variables that a step gives values to, as far as its text says. */
function settingsOf(step: Step): { name: string; value: string; secret: boolean }[] {
  if (step.step === 'set-variable') return [{ name: step.variable, value: step.value, secret: step.secret }];
  return step.step === 'set-dynamic-variables' ? step.rules.flatMap(({ variables }) => variables) : [];
}
