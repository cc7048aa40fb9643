import { MediasmithError } from '../../contract/errors.ts';
import { STAGED_WORD } from '../../contract/linux-start.ts';
import type { BootOptions } from '../platform.ts';

/** What the boot menu says, from the kernel's command line: `mediasmith.medium=<id> mediasmith.sequence=<id>`. */
export function parseBootOptions(commandLine: string): BootOptions {
  const options = wordsOf(commandLine);
  const mediumId = options.get('mediasmith.medium');
  if (mediumId === undefined || mediumId === '') {
    throw new MediasmithError('MEDIUM_NOT_FOUND', 'the boot menu does not name a medium', {
      hint: 'Start from the menu of the medium, or add mediasmith.medium=<id> to the kernel command line.',
    });
  }
  return { mediumId, sequenceId: options.get('mediasmith.sequence') || undefined };
}

/** `mediasmith.url=<address>`: the medium is below it on a web server. With a slash at its end. */
export function parseMediumUrl(commandLine: string): URL | undefined {
  const address = wordsOf(commandLine).get('mediasmith.url');
  if (address === undefined || address === '') return undefined;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new MediasmithError('MEDIUM_NOT_FOUND', `mediasmith.url=${address} is not the address of a web server`, {
      hint: 'It starts with http:// or https://. The boot menu or the iPXE script on the server sets it.',
    });
  }
  return url.pathname.endsWith('/') ? url : new URL(`${url.href}/`);
}

/** `mediasmith.signed`: the boot menu loads the key of those who sign the medium. */
export function isSigned(commandLine: string): boolean {
  return wordsOf(commandLine).has('mediasmith.signed');
}

/** `mediasmith.staged`: a Windows has put the boot environment onto its disk. */
export function isStaged(commandLine: string): boolean {
  return wordsOf(commandLine).has(STAGED_WORD);
}

function wordsOf(commandLine: string): Map<string, string> {
  const words = commandLine.trim().split(/\s+/);
  return new Map(
    words.map((word) => {
      const equals = word.indexOf('=');
      return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
}
