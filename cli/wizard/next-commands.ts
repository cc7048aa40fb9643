import { dirname, relative, resolve } from 'node:path';
import type { ProjectAnswers, SomeAnswers } from '../../builder/project/answers.ts';

/** What to type the next time, from the folder where one stands. */
export function nextCommands(
  project: string,
  { iso, usb, prestaged = null }: Pick<ProjectAnswers, 'iso' | 'usb'> & Pick<SomeAnswers, 'prestaged'>,
  from = process.cwd(),
): string {
  const file = typed(project, from);
  const placed = (medium: string): string => typed(resolve(dirname(project), medium), from);
  const commands = [
    `mediasmith validate ${file}`,
    `mediasmith build ${file} --dry-run`,
    `mediasmith build ${file}`,
    ...[iso ?? usb].flatMap((medium) => (medium === null ? [] : forStick(placed(medium)))),
    ...(prestaged === null ? [] : [`mediasmith verify ${placed(prestaged)}`]),
  ];
  return `The next time:\n${commands.map((command) => `  npx ${command}\n`).join('')}`;
}

/** A boot test would wait for somebody who answers, and for a disk as large as the sequence wants it. */
function forStick(medium: string): string[] {
  return [`mediasmith verify ${medium}`, 'mediasmith usb list', `mediasmith usb write ${medium} --serial SERIAL`];
}

/** The shorter of both ways to write a path, as a shell takes it. */
function typed(path: string, from: string): string {
  const near = relative(from, path);
  const shorter = near.length < path.length && !near.startsWith('-') ? near : path;
  return /^[\w./+@%:,-]+$/.test(shorter) ? shorter : `'${shorter.replaceAll("'", "'\\''")}'`;
}
