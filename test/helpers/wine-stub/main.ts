import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { win32 } from 'node:path';
import {
  APPLY_FOLDER,
  CALLS_FOLDER,
  HOME_FILE,
  PLAN_FILE,
  type StubCall,
  type StubPlan,
  type StubReply,
} from './plan.ts';

const LOOK_AGAIN_MILLISECONDS = 20;

/** The program behind every stub: it notes how it was called, under the name it was called by, and does what the plan says. */
function main(): number {
  const folder = homeOf(win32.dirname(process.execPath));
  const name = win32
    .basename(process.execPath)
    .toLowerCase()
    .replace(/\.exe$/, '');
  const argv = process.argv.slice(2);
  const nth = note(win32.join(folder, CALLS_FOLDER), { name, argv, cwd: process.cwd(), ...scriptOf(argv) });
  const reply = replyOf(readPlan(win32.join(folder, PLAN_FILE))[name], nth);
  for (const letter of reply.drives ?? []) makeDrive(letter);
  const at = placeOf(argv);
  for (const [path, text] of Object.entries(reply.files ?? {})) writeText(at(path), text);
  for (const path of reply.programs ?? []) makeProgram(at(path), folder);
  if (reply.inputTo !== undefined) writeText(reply.inputTo, readFileSync(0, 'utf8'));
  if (reply.stdout !== undefined) writeSync(1, reply.stdout);
  if (reply.stderr !== undefined) writeSync(2, reply.stderr);
  if (reply.waitsFor !== undefined) waitFor(reply.waitsFor);
  return reply.exitCode ?? 0;
}

function homeOf(folder: string): string {
  const file = win32.join(folder, HOME_FILE);
  return existsSync(file) ? readFileSync(file, 'utf8') : folder;
}

function scriptOf(argv: readonly string[]): { script?: string } {
  const at = argv.findIndex((word) => word.toLowerCase() === '/s');
  const file = at < 0 ? undefined : argv[at + 1];
  return file !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile()
    ? { script: readFileSync(file, 'utf8') }
    : {};
}

/** Which call of this tool it is, from 0. Two calls at once get two numbers. */
function note(folder: string, call: StubCall): number {
  mkdirSync(folder, { recursive: true });
  for (;;) {
    const earlier = readdirSync(folder);
    const number = String(earlier.length + 1).padStart(3, '0');
    try {
      writeFileSync(win32.join(folder, `call-${number}-${call.name}.json`), JSON.stringify(call, null, 2), {
        flag: 'wx',
      });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
      throw error;
    }
    return earlier.filter((file) => file.replace(/^call-\d+-/, '') === `${call.name}.json`).length;
  }
}

function readPlan(file: string): StubPlan {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StubPlan) : {};
}

function replyOf(planned: StubPlan[string] | undefined, nth: number): StubReply {
  const replies = planned ?? {};
  return isList(replies) ? (replies[nth] ?? {}) : replies;
}

function isList(replies: StubReply | readonly StubReply[]): replies is readonly StubReply[] {
  return Array.isArray(replies);
}

/** A drive of Wine is a link to a folder of the room (test/helpers/wine.ts), and there once the folder is. */
function makeDrive(letter: string): void {
  mkdirSync(`\\\\?\\unix\\wine\\drives\\${letter.toLowerCase()}`, { recursive: true });
}

function placeOf(argv: readonly string[]): (path: string) => string {
  const folder = argv.find((word) => /^\/ApplyDir:/i.test(word))?.slice('/ApplyDir:'.length) ?? process.cwd();
  return (path) => (path.startsWith(APPLY_FOLDER) ? win32.join(folder, path.slice(APPLY_FOLDER.length)) : path);
}

function writeText(path: string, text: string): void {
  mkdirSync(win32.dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function makeProgram(path: string, home: string): void {
  if (existsSync(path)) return;
  writeText(win32.join(win32.dirname(path), HOME_FILE), home);
  try {
    linkSync(process.execPath, path);
  } catch {
    copyFileSync(process.execPath, path);
  }
}

function waitFor(file: string): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(file)) Atomics.wait(clock, 0, 0, LOOK_AGAIN_MILLISECONDS);
}

process.exit(main());
