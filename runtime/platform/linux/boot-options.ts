import { MediasmithError } from '../../contract/errors.ts';

import type { BootOptions } from '../platform.ts';

/** What the boot menu says, from the kernel's command line: `mediasmith.medium=<id> mediasmith.sequence=<id>`. */
export function parseBootOptions(commandLine: string): BootOptions {
  const options = new Map(
    commandLine
      .trim()
      .split(/\s+/)
      .map((word) => {
        const equals = word.indexOf('=');
        return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
      }),
  );
  const mediumId = options.get('mediasmith.medium');
  if (mediumId === undefined || mediumId === '') {
    throw new MediasmithError('MEDIUM_NOT_FOUND', 'the boot menu does not name a medium', {
      hint: 'Start from the menu of the medium, or add mediasmith.medium=<id> to the kernel command line.',
    });
  }
  return { mediumId, sequenceId: options.get('mediasmith.sequence') || undefined };
}
