import { VERSION } from '../../../runtime/contract/version.ts';
import { dateInWords } from '../in-words.ts';
import type { MediumDocument } from '../medium-document.ts';
import { factsOf, type Table, tablesOf } from '../outline.ts';
import { environmentSection } from './environment.ts';
import { foreign, html, type Markup, textOf } from './markup.ts';
import { startSection } from './start.ts';
import { STYLE } from './style.ts';

/** By which a page is known as one of ours, near its beginning. */
export const GENERATOR = '<meta name="generator" content="Mediasmith ';

const HASH_GROUP = /.{1,8}/g;
const NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'";

/** What is on a medium as one page for a printer: complete in itself, without scripts. `now`: when it was looked at. */
export function mediumPage(document: MediumDocument, now: Date): string {
  return textOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="Mediasmith ${VERSION}">
<meta http-equiv="Content-Security-Policy" content="${NOTHING_FROM_OUTSIDE}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.name} (${document.label})</title>
${STYLE}
</head>
<body>
<header>
<h1>${foreign(document.name)}</h1>
<p class="label">${foreign(document.label)}</p>
${warnings(document)}<div class="pen"><div>Date</div><div>Name</div><div>Serial number of the stick</div><div>For</div></div>
</header>
<main>
${startSection(document)}<section>
<h2>what it is</h2>
<table>
<tbody>
${factsOf(document)
  .filter(([label]) => label !== 'manifest')
  .map(([label, text]) => html`<tr><th>${label}</th><td>${foreign(text)}</td></tr>\n`)}</tbody>
</table>
</section>
${compareSection(document, now)}${tablesOf(document).map(tableSection)}${document.bootEnvironments.map((environment) =>
  environmentSection(environment, document.firmware),
)}</main>
</body>
</html>
`);
}

function warnings({ validity, signature }: MediumDocument): Markup {
  const lines = [
    ...(validity?.now === 'expired' ? ['This medium has expired: it starts nothing any more.'] : []),
    ...(validity?.now === 'not-yet' ? ['This medium is not valid yet: it starts nothing before its day.'] : []),
    ...(signature.state === 'invalid' ? ['The signature of this medium is wrong: do not use it.'] : []),
  ];
  return html`${lines.map((line) => html`<p class="warning">${line}</p>\n`)}`;
}

function tableSection({ title, columns, rows }: Table): Markup {
  return html`<section>
<h2>${title}</h2>
${rows.length === 0 ? html`<p>none</p>` : tableOf(columns, rows)}
</section>
`;
}

const tableOf = (columns: Table['columns'], rows: Table['rows']): Markup => html`<table>
<thead><tr>${columns.map((name) => html`<th>${name}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${foreign(cell)}</td>`)}</tr>\n`)}</tbody>
</table>`;

function compareSection({ manifestSha256 }: MediumDocument, now: Date): Markup {
  return html`<section class="compare">
<h2>is it this one?</h2>
<p>The medium in your hand is the one of this page when the SHA-256 of its file mediasmith/manifest.json is</p>
<p class="hash"><code>${manifestSha256.match(HASH_GROUP)?.join(' ') ?? ''}</code></p>
<p>Linux: <code>sha256sum mediasmith/manifest.json</code>. Windows: <code>certutil -hashfile mediasmith\\manifest.json SHA256</code>.
Whether all of its files are whole: <code>mediasmith verify</code>.</p>
<p>Looked at on ${dateInWords(now.toISOString())} with Mediasmith ${VERSION}.</p>
</section>
`;
}
