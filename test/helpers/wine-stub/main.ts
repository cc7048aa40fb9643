import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { win32 } from 'node:path';
import { type StandInMachine, standInDiskpart } from '../stand-in-diskpart.ts';
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
  const { script = '' } = scriptOf(argv);
  const nth = note(win32.join(folder, CALLS_FOLDER), { name, argv, cwd: process.cwd(), ...scriptOf(argv) });
  const planned = replyOf(readPlan(win32.join(folder, PLAN_FILE))[name], nth);
  const reply = planned.acts === true ? { ...standInDiskpart(script, machineOfRoom()), ...planned } : planned;
  if (name === 'diskpart' && planned.acts !== true) writeTable(readScript(argv) ?? '');
  for (const [from, to] of Object.entries(reply.moved ?? {})) moveDrive(from, to);
  for (const letter of reply.drives ?? []) makeDrive(letter);
  for (const letter of reply.gone ?? []) hideDrive(letter);
  const at = placeOf(argv);
  for (const [path, text] of Object.entries(reply.files ?? {})) writeText(at(path), text);
  for (const path of reply.programs ?? []) makeProgram(at(path), folder);
  if (reply.inputTo !== undefined) writeText(reply.inputTo, readFileSync(0, 'utf8'));
  if (reply.stdout !== undefined) writeSync(1, reply.stdout);
  if (reply.stderr !== undefined) writeSync(2, reply.stderr);
  if (reply.waitsFor !== undefined) waitFor(reply.waitsFor);
  return reply.exitCode ?? 0;
}

/** What a drive or a volume of Wine is: a folder that test/helpers/wine.ts has given a name. */
function machineOfRoom(): StandInMachine {
  const room = (path: string): string => `\\\\?\\unix\\wine\\${path}`;
  const device = (number: number): string => `\\\\.\\PhysicalDrive${number}`;
  return {
    disk: (number) => ({ file: device(number), bytes: statSync(device(number)).size }),
    drive: (letter) => room(`drives\\${letter.toLowerCase()}`),
    hidden: (name) => room(`prefix\\dosdevices\\volume{${name.toLowerCase()}}`),
    lettersFile: room('letters.json'),
    // Of the first on disk 0 Wine says that its own drive lies there.
    firstNumber: 2,
  };
}

function homeOf(folder: string): string {
  const file = win32.join(folder, HOME_FILE);
  return existsSync(file) ? readFileSync(file, 'utf8') : folder;
}

function scriptOf(argv: readonly string[]): { script?: string } {
  const script = readScript(argv);
  return script === undefined ? {} : { script };
}

function readScript(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word.toLowerCase() === '/s');
  const file = at < 0 ? undefined : argv[at + 1];
  return file !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile()
    ? readFileSync(file, 'utf8')
    : undefined;
}

/** As much of a table as names the disk: the head of a GPT's header, the signature of an MBR. */
function writeTable(script: string): void {
  const disk = /^select disk (\d+)/m.exec(script)?.[1];
  const identity = /^uniqueid disk id=(\S+)/m.exec(script)?.[1];
  if (disk === undefined || identity === undefined || !/^clean\b/m.test(script)) return;
  const sectors = Buffer.alloc(1024);
  const parts = identity.split('-').map((part) => Buffer.from(part, 'hex'));
  if (parts.length === 1) {
    sectors.set(
      parts.flatMap((part) => [...part.reverse()]),
      440,
    );
    sectors.writeUInt16LE(0xaa55, 510);
  } else {
    sectors.write('EFI PART', 512, 'latin1');
    sectors.set(
      parts.flatMap((part, index) => [...(index < 3 ? part.reverse() : part)]),
      512 + 56,
    );
  }
  const file = openSync(`\\\\.\\PhysicalDrive${disk}`, 'r+');
  writeSync(file, sectors, 0, sectors.length, 0);
  closeSync(file);
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
const driveFolder = (letter: string): string => `\\\\?\\unix\\wine\\drives\\${letter.toLowerCase()}`;
const hidden = (letter: string): string => `${driveFolder(letter)}-without-letter`;

function makeDrive(letter: string): void {
  if (existsSync(hidden(letter))) renameSync(hidden(letter), driveFolder(letter));
  else mkdirSync(driveFolder(letter), { recursive: true });
}

function moveDrive(from: string, to: string): void {
  renameSync(driveFolder(from), driveFolder(to));
}

function hideDrive(letter: string): void {
  if (existsSync(driveFolder(letter))) renameSync(driveFolder(letter), hidden(letter));
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
