import type { EfiProgramFacts } from '../efi-programs.ts';
import { ENVIRONMENTS, secureBootInWords } from '../in-words.ts';
import type { MediumDocument } from '../medium-document.ts';
import { foreign, html, type Markup } from './markup.ts';

/** What firmware starts, and who has signed that. */
export function environmentSection(
  { kind, architecture, signing, files }: MediumDocument['bootEnvironments'][number],
  firmware: MediumDocument['firmware'],
): Markup {
  const under = firmware.length === 0 ? '' : `, starts under ${firmware.join(' and ')}`;
  return html`<section>
<h2>boot environment</h2>
<p>${ENVIRONMENTS[kind]}, ${architecture ?? 'architecture unknown'}${under}. ${secureBootInWords(kind, signing)}.</p>
${files.length === 0 ? '' : programs(files)}</section>
`;
}

const programs = (files: readonly EfiProgramFacts[]): Markup => html`<table class="programs">
<thead><tr><th>program</th><th>for</th><th>signed by</th></tr></thead>
<tbody>
${files.map(program)}</tbody>
</table>
`;

function program({ path, machine, signing, chain, otherChains = [], digestMatches, problem }: EfiProgramFacts): Markup {
  const chains = [chain, ...otherChains].filter((names) => names.length > 0).map((names) => names.join(' < '));
  const signers = [
    ...(problem === undefined ? [] : [`DAMAGED: ${problem}`]),
    ...(digestMatches === false ? ['CHANGED since it was signed'] : []),
    ...(chains.length === 0 ? [signing] : chains),
  ];
  return html`<tr><td>${foreign(path)}</td><td>${machine ?? 'no program'}</td><td>${signers.map(
    (line, index) => html`${index === 0 ? '' : html`<br>`}${foreign(line)}`,
  )}</td></tr>
`;
}
