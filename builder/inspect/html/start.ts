import { startsUnderSecureBoot } from '../in-words.ts';
import type { MediumDocument } from '../medium-document.ts';
import { html, type Markup } from './markup.ts';

/** How a machine is started from a medium: short enough for whoever stands before it. */
export function startSection(document: MediumDocument): Markup {
  return html`<section>
<h2>how to start it</h2>
${document.type === 'pxe' ? FROM_SERVER : fromMedium(document)}
</section>
`;
}

const FROM_ITS_DISK = 'Switch it on. Where it does not start from its disk by itself, open the boot menu';

const FROM_SERVER = html`<p>Machines start it from the network: a server hands out this folder, as its README.txt says. Switch the machine
on, open its boot menu and choose the network card.</p>`;

function fromMedium(document: MediumDocument): Markup {
  const { firmware } = document;
  if (firmware.length === 0) {
    return html`<p>Nothing here starts a machine by itself: what firmware starts lies elsewhere, on the other volume of a stick.</p>`;
  }
  return html`<ol>
<li>${prepared(document)}</li>
<li>${document.prestaged ? FROM_ITS_DISK : 'Switch it on and open the boot menu'}: F12, F11, F9, F8 or Esc, by its maker.</li>
<li>Choose its entry.${firmware.includes('UEFI') ? underUefi(document) : ''}${
    firmware.includes('BIOS') ? UNDER_BIOS : ''
  }</li>
<li>${document.sealed ? 'Type the password. ' : ''}${whatHappens(document)}</li>
</ol>`;
}

const underUefi = (document: MediumDocument): Markup =>
  html`<br>UEFI: the one that begins with UEFI. ${secureBoot(document)}`;

const UNDER_BIOS = html`<br>BIOS, or a UEFI set to start as one: the one without that word.`;

function prepared({ type, device, discs, prestaged }: MediumDocument): string {
  if (prestaged && device) return 'Put this disk into the machine.';
  if (prestaged) return 'Lay it onto the disk of the machine, which must have nothing else on it.';
  if (discs !== null) return `Put disc 1 of ${discs} into the machine. It asks for the others.`;
  if (type === 'iso' && !device) return 'Write the ISO onto a stick or a disc, or give it to a virtual machine.';
  if (type === 'stick' && !device) return 'Write the image onto a stick, and put that into the machine.';
  return 'Put it into the machine.';
}

function secureBoot({ bootEnvironments }: MediumDocument): string {
  return bootEnvironments.every(({ kind, signing }) => startsUnderSecureBoot(kind, signing))
    ? 'Secure Boot may stay on; what the machine must trust is said below.'
    : 'Secure Boot must be switched off.';
}

function whatHappens({ unattended }: MediumDocument): string {
  if (unattended) return 'It asks nothing more: the disk it chooses by its rules IS OVERWRITTEN.';
  return 'Choose a task sequence. One that installs Windows overwrites the disk.';
}
