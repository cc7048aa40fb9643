import { READ_VARIABLES } from '../../runtime/sequence/analysis/built-in-variables.ts';
import { WITHOUT_EFFECT } from '../../runtime/sequence/analysis/without-effect.ts';

/** What ConfigMgr's variables of a whole sequence do here. Those of single steps are on their pages. */
export function variablesPage(): string {
  const code = (names: string): string =>
    names
      .split(' ')
      .map((name) => `\`${name}\``)
      .join(', ');
  const without = WITHOUT_EFFECT.map(
    ({ names, what, why, instead }) =>
      `| ${code(names)} | ${what === undefined ? '' : `${what}: `}${why} | ${instead} |`,
  );
  return [
    '# Variables of ConfigMgr\n',
    'Variables that hold for a whole sequence. Those that override an option of one step are on the page of that',
    '[step](sequence.md#steps).\n',
    '## With an effect\n',
    '| variable | what it does |\n|---|---|',
    ...READ_VARIABLES.map(([names, what]) => `| ${code(names)} | ${what} |`),
    '',
    '## Without one\n',
    '`validate` warns where a sequence, media.yaml or its machines file sets one of these, and `sequence import` names it in',
    'its report. A `*` stands for any ending.\n',
    '| variable | why | what to do |\n|---|---|---|',
    ...without,
    '',
  ].join('\n');
}
