import { randomUUID } from 'node:crypto';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { layoutOfImage } from '../../runtime/platform/winpe/layout-of-image.ts';
import { readTable, type StandInTable, type TablePart, tableWrites } from './stand-in-table.ts';

const KIB = 1024;
const MIB = 1024 ** 2;
const ENTRIES = 128;
/** GPT type GUIDs, and what an MBR's entry has in their place. */
const GPT_TYPES: Readonly<Record<string, string>> = {
  efi: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
  msr: 'E3C9E316-0B5C-4DB8-817D-F92DF00215AE',
  primary: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7',
};
const SIGNS: Readonly<Record<string, { offset: number; word: string }>> = {
  ntfs: { offset: 3, word: 'NTFS    ' },
  exfat: { offset: 3, word: 'EXFAT   ' },
  fat32: { offset: 82, word: 'FAT32   ' },
};

/** What a machine has: disks that are files, volumes that are folders. */
export type StandInMachine = {
  /** The file that is a disk's storage, and its size. */
  disk: (number: number) => { file: string; bytes: number };
  /** Where the files of a volume are while it has a letter, and while it has none. */
  drive: (letter: string) => string;
  hidden: (name: string) => string;
  /** Which letters volumes have: a file, so that the next call knows. */
  lettersFile: string;
  /** What the first partition is counted as. */
  firstNumber?: number;
};

/** By letter. */
export type Letters = Record<string, { disk: number; startBytes: number }>;

/** Which letters there are. */
export function readLetters({ lettersFile }: Pick<StandInMachine, 'lettersFile'>): Letters {
  return existsSync(lettersFile) ? (JSON.parse(readFileSync(lettersFile, 'utf8')) as Letters) : {};
}

/** Does what a script of diskpart says, as far as this project's scripts go. Ends at the first error, as diskpart does. */
export function standInDiskpart(script: string, machine: StandInMachine): { exitCode: number; stdout: string } {
  const session = new Session(machine);
  for (const line of script.split('\r\n').filter(Boolean)) {
    try {
      session.run(line);
    } catch (error) {
      if (line.endsWith(' noerr')) continue;
      return { exitCode: 1, stdout: `${line}\r\n${error instanceof Error ? error.message : error}\r\n` };
    }
  }
  return { exitCode: 0, stdout: 'DiskPart succeeded.\r\n' };
}

class Session {
  readonly #machine: StandInMachine;
  readonly #letters: Letters;
  #disk: number | undefined;
  #start: number | undefined;

  constructor(machine: StandInMachine) {
    this.#machine = machine;
    this.#letters = readLetters(machine);
  }

  run(line: string): void {
    const [verb = '', what = '', ...rest] = line.split(' ');
    const value = (name: string): string => new RegExp(`\\b${name}=(\\S+)`).exec(line)?.[1] ?? '';
    if (verb === 'rescan' || verb === 'set' || verb === 'gpt' || line.startsWith('extend filesystem')) return;
    if (verb === 'select') this.#select(what, rest[0] ?? '');
    else if (verb === 'clean') this.#clean();
    else if (verb === 'convert')
      this.#write({ style: what as StandInTable['style'], identity: randomUUID(), partitions: [] });
    else if (verb === 'uniqueid') this.#write({ ...this.#table(), identity: value('id') });
    else if (verb === 'create') this.#create(rest[0] ?? '', Number(value('size')), Number(value('offset')));
    else if (verb === 'format') this.#format(value('fs'));
    else if (verb === 'assign') this.#assign(value('letter'));
    else if (verb === 'remove') this.#remove(value('letter'));
    else if (verb === 'delete') this.#delete();
    else if (verb === 'active') this.#activate();
    else if (verb === 'extend') this.#extend(Number(value('size')) * MIB);
    else throw new Error(`no such command: ${line}`);
  }

  #select(what: string, which: string): void {
    if (what === 'disk') {
      this.#disk = Number(which);
      this.#start = undefined;
      return;
    }
    if (what === 'partition') {
      const found = this.#table().partitions.find(({ number }) => number === Number(which));
      if (found === undefined) throw new Error('The specified partition is not valid.');
      this.#start = found.startBytes;
      return;
    }
    const place = this.#letters[which];
    if (place === undefined) throw new Error('There is no volume selected.');
    this.#disk = place.disk;
    this.#start = place.startBytes;
  }

  #create(kind: string, mebibytes: number, kibibytes: number): void {
    const table = this.#table();
    const place = { startBytes: kibibytes * KIB, bytes: mebibytes * MIB };
    const end = place.startBytes + place.bytes;
    const most = table.style === 'mbr' ? 4 : ENTRIES;
    const number = Array.from({ length: most }, (_, index) => index + (this.#machine.firstNumber ?? 1)).find((free) =>
      table.partitions.every((other) => other.number !== free),
    );
    const overlap = table.partitions.some(
      (other) => other.startBytes < end && place.startBytes < other.startBytes + other.bytes,
    );
    if (number === undefined || overlap || end > this.#machine.disk(this.#disk ?? -1).bytes)
      throw new Error('There is not enough usable space for this operation.');
    const names = table.style === 'gpt' ? { type: GPT_TYPES[kind] ?? '', guid: randomUUID() } : {};
    this.#write({ ...table, partitions: [...table.partitions, { number, ...place, ...names }] });
    this.#start = place.startBytes;
    this.#put(Buffer.alloc(4096), place.startBytes);
  }

  #format(fileSystem: string): void {
    const sign = SIGNS[fileSystem];
    if (sign === undefined) throw new Error(`no file system ${fileSystem}`);
    const sector = Buffer.alloc(4096);
    sector.write(sign.word, sign.offset, 'latin1');
    this.#put(sector, this.#part().startBytes);
    const letter = this.#letterOf(this.#part().startBytes);
    rmSync(this.#hidden(), { recursive: true, force: true });
    if (letter !== undefined)
      for (const name of readdirSync(this.#machine.drive(letter)))
        rmSync(join(this.#machine.drive(letter), name), { recursive: true });
  }

  #assign(letter: string): void {
    const now = this.#letterOf(this.#part().startBytes);
    if (now === letter) return;
    if (this.#letters[letter] !== undefined) throw new Error('The specified drive letter is not free to be assigned.');
    if (now !== undefined) this.#remove(now);
    const folder = this.#machine.drive(letter);
    rmSync(folder, { recursive: true, force: true });
    // It keeps its other name, as Windows' volumes do.
    if (existsSync(this.#hidden())) cpSync(this.#hidden(), folder, { recursive: true });
    else mkdirSync(folder, { recursive: true });
    this.#letters[letter] = { disk: this.#disk ?? -1, startBytes: this.#part().startBytes };
    this.#keepLetters();
  }

  #remove(letter: string): void {
    if (this.#letterOf(this.#part().startBytes) !== letter) throw new Error('The letter is not of this volume.');
    rmSync(this.#hidden(), { recursive: true, force: true });
    renameSync(this.#machine.drive(letter), this.#hidden());
    delete this.#letters[letter];
    this.#keepLetters();
  }

  #delete(): void {
    const table = this.#table();
    const part = this.#part();
    const letter = this.#letterOf(part.startBytes);
    rmSync(this.#hidden(), { recursive: true, force: true });
    if (letter !== undefined) {
      rmSync(this.#machine.drive(letter), { recursive: true, force: true });
      delete this.#letters[letter];
    }
    this.#keepLetters();
    this.#write({ ...table, partitions: table.partitions.filter(({ number }) => number !== part.number) });
    this.#start = undefined;
  }

  #clean(): void {
    for (const { startBytes } of layoutOfImage(this.#file())?.partitions ?? []) {
      this.#start = startBytes;
      this.#delete();
    }
    this.#put(Buffer.alloc(MIB), 0);
  }

  #activate(): void {
    const table = this.#table();
    const { number } = this.#part();
    this.#write({
      ...table,
      partitions: table.partitions.map((part) => ({ ...part, active: part.number === number })),
    });
  }

  #extend(bytes: number): void {
    const table = this.#table();
    const part = this.#part();
    const end = part.startBytes + part.bytes + bytes;
    if (table.partitions.some(({ startBytes }) => startBytes > part.startBytes && startBytes < end))
      throw new Error('There is not enough usable free space on specified disk(s) to extend the volume.');
    const partitions = table.partitions.map((other) =>
      other.number === part.number ? { ...other, bytes: other.bytes + bytes } : other,
    );
    this.#write({ ...table, partitions });
  }

  #part(): TablePart {
    const part = this.#table().partitions.find(({ startBytes }) => startBytes === this.#start);
    if (part === undefined) throw new Error('There is no partition selected.');
    return part;
  }

  #letterOf(startBytes: number): string | undefined {
    return Object.keys(this.#letters).find((letter) => {
      const place = this.#letters[letter];
      return place?.disk === this.#disk && place?.startBytes === startBytes;
    });
  }

  #hidden(): string {
    const { guid, startBytes } = this.#part();
    return this.#machine.hidden(guid ?? `${this.#disk}-${startBytes}`);
  }

  #keepLetters(): void {
    writeFileSync(this.#machine.lettersFile, JSON.stringify(this.#letters));
  }

  #file(): string {
    if (this.#disk === undefined) throw new Error('There is no disk selected.');
    return this.#machine.disk(this.#disk).file;
  }

  #table(): StandInTable {
    return readTable(this.#file()) ?? { style: 'gpt', identity: randomUUID(), partitions: [] };
  }

  #write(table: StandInTable): void {
    for (const { data, offset } of tableWrites(table)) this.#put(data, offset);
  }

  #put(data: Buffer, offset: number): void {
    const file = openSync(this.#file(), 'r+');
    writeSync(file, data, 0, data.length, offset);
    closeSync(file);
  }
}
