import { html, type Markup } from './markup.ts';

/** For A4 and for black ink: no meaning is in a colour, and nothing is printed on a dark ground. */
export const STYLE: Markup = html`<style>
@page { size: A4; margin: 14mm 15mm; }
* { box-sizing: border-box; }
body { font: 9.5pt/1.35 system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; color: #000; background: #fff; margin: 0; }
h1 { font-size: 19pt; line-height: 1.15; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 11pt; margin: 4mm 0 1.5mm; border-bottom: 1.2pt solid #000; break-after: avoid; }
h2::first-letter { text-transform: uppercase; }
p, ol, ul { margin: 0 0 1.5mm; }
ol, ul { padding-left: 5mm; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.5mm 2mm 0.5mm 0; border-bottom: 0.4pt solid #777; overflow-wrap: anywhere; }
thead { display: table-header-group; }
thead th { font-weight: 600; border-bottom: 0.8pt solid #000; }
tr { break-inside: avoid; }
tbody th { font-weight: 600; width: 24mm; }
.programs { table-layout: fixed; }
.programs th:nth-child(1) { width: 58mm; }
.programs th:nth-child(2) { width: 22mm; }
code { font: 9pt/1.4 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
.label { font-size: 12pt; margin: 1mm 0 3mm; }
.pen { display: grid; grid-template-columns: repeat(2, 1fr); gap: 0 8mm; border: 1.2pt solid #000; padding: 1mm 4mm 3mm; break-inside: avoid; }
.pen div { border-bottom: 0.6pt solid #000; height: 9mm; padding-top: 4.5mm; font-size: 8.5pt; }
.warning { border: 1.6pt solid #000; padding: 1.5mm 3mm; margin: 3mm 0; font-weight: 700; }
.compare { break-inside: avoid; }
.hash { font-size: 10.5pt; }
@media screen { body { max-width: 190mm; margin: 8mm auto; padding: 0 5mm; } }
@media print { a { color: inherit; text-decoration: none; } }
</style>`;
