import { join } from 'node:path';
import type { Argv, Exec } from '../../runtime/host/exec.ts';
import type { XkbLayout } from '../config/keyboard-layouts.ts';
import { unpackedProgram } from './unpacked-program.ts';

/** What follows it are files of the host's own configuration. */
const LAST_LINE = 'strings as usual\n';

/** A layout as loadkeys reads it, by console-setup's translator out of a Debian root: all keys, without dead keys' letters. */
export async function ckbcomp(layout: XkbLayout, root: string, exec: Exec): Promise<string> {
  const { stdout } = await exec(ckbcompArgv(layout, root), { env: { LC_ALL: 'C' } });
  const end = stdout.indexOf(LAST_LINE);
  if (end < 0) throw new Error(`ckbcomp has made no keymap of ${JSON.stringify(layout)}`);
  return stdout.slice(0, end + LAST_LINE.length);
}

/** `-compact` leaves out the tables of modifiers that nobody uses: with them it is ten times as long. */
export function ckbcompArgv({ layout, variant, beside }: XkbLayout, root: string): Argv {
  return [
    ...unpackedProgram(root, 'usr/bin/perl'),
    `-I${join(root, 'usr/lib/x86_64-linux-gnu/perl-base')}`,
    join(root, 'usr/bin/ckbcomp'),
    `-I${join(root, 'usr/share/X11/xkb')}`,
    '-compact',
    ...['-layout', beside ? `us,${layout}` : layout],
    ...(variant === undefined ? [] : ['-variant', beside ? `,${variant}` : variant]),
    ...(beside ? ['-option', 'grp:alt_shift_toggle'] : []),
  ];
}
