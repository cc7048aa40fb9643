import type { ConditionFacts } from '../../contract/facts.ts';

const NAME = /%([A-Za-z_][A-Za-z0-9_()-]*)%/g;

type Values = Pick<ConditionFacts, 'variables' | 'system'>;

/** Replaces `%name%` by the task sequence's variable, else by the system's, else leaves it. */
export function expandFacts(text: string, { variables, system }: Values): string {
  if (!text.includes('%')) return text;
  return text.replace(NAME, (literal, name: string) => variables.get(name) ?? system.environment(name) ?? literal);
}

/** The names between percent signs, each once, as they are written first. */
export function namesIn(text: string): string[] {
  const names = new Map([...text.matchAll(NAME)].map(([, name = '']) => [name.toLowerCase(), name]));
  return [...names.values()];
}

/** The first name that nothing replaced. A path with one is the path of nothing. */
export function unsetName(expanded: string): string | undefined {
  return namesIn(expanded)[0];
}
