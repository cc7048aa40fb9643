import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import type { Machine } from '../../runtime/contract/machine.ts';
import type { Manifest, ManifestApplication } from '../../runtime/contract/manifest.ts';
import type { PlatformName } from '../../runtime/contract/step.ts';
import { Variables } from '../../runtime/contract/variables.ts';
import { type RunOutcome, runSequence } from '../../runtime/engine/run-sequence.ts';
import type { Exec, ExecOptions } from '../../runtime/host/exec.ts';
import { redactor } from '../../runtime/host/exec.ts';
import { Sequence } from '../../runtime/sequence/schema.ts';
import { writeFakeMedium } from './fake-medium.ts';
import { FakePlatform } from './fake-platform.ts';
import { aMachine } from './machine.ts';
import { aJournal } from './run.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

/** A Windows that runs, as a test wants it. */
export const WINDOWS = aMachine({
  operatingSystem: {
    caption: 'Microsoft Windows 11 Pro',
    version: '10.0.26100',
    build: 26100,
    revision: 1,
    edition: 'Professional',
    architecture: 'x64',
    productType: 'client',
    language: 1033,
    computerName: 'PC1',
    domain: '',
    workgroup: 'WORKGROUP',
    systemDrive: 'C:',
    windowsFolder: 'C:\\Windows',
  },
});

/** A program that was called: its words, and what it got besides. */
export type Call = { argv: readonly string[]; options: ExecOptions };

export type ContentWish = {
  platformName?: PlatformName;
  machine?: Machine;
  variables?: Variables;
  /** The files of every package. */
  files?: Readonly<Record<string, string>>;
  packages?: readonly string[];
  applications?: readonly Partial<ManifestApplication>[];
  /** What a program says and the exit code it ends with; 0 and nothing unless told. */
  answer?: (call: Call) => { exitCode?: number; lines?: readonly string[] } | undefined;
};

export type ContentRun = {
  outcome: RunOutcome;
  calls: Call[];
  /** The command lines. */
  ran: string[];
  events: RunEvent[];
  log: string[];
  waited: number[];
  variables: Variables;
  platform: FakePlatform;
  /** Folders of this test become names, so that command lines can be compared. */
  tidy: (text: string) => string;
};

/** Runs steps that use packages and applications, with programs that answer what the test says. */
export async function runContent(steps: readonly object[], wish: ContentWish = {}): Promise<ContentRun> {
  const { platformName = 'windows', machine = WINDOWS, variables = new Variables() } = wish;
  const folder = await temporaryFolder();
  const platform = new PackagePlatform(folder, { machine, name: platformName }, wish.files ?? {});
  const manifest = await writeFakeMedium(folder, [], contentOf(wish));
  const [calls, events, waited]: [Call[], RunEvent[], number[]] = [[], [], []];
  const sequence = Sequence.parse({ formatVersion: 2, id: 'test', name: 'Test', onFailure: 'shell', steps });
  const outcome = await runSequence(sequence, {
    platform,
    exec: answering(wish.answer ?? (() => undefined), calls),
    machine,
    medium: { ...(await platform.findMedium(manifest.id)), manifest },
    variables,
    journal: aJournal(),
    ask: undefined,
    logFile: await logIn(folder),
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    wait: async (seconds) => void waited.push(seconds),
  });
  const log = events.flatMap((event) => (event.event === 'log' ? [event.message] : []));
  const tidy = (text: string): string => text.replaceAll(folder, 'FOLDER').replace(/\/[^ ,]*\/step-\w+/g, 'TEMP');
  return {
    outcome,
    calls,
    ran: calls.map(({ argv }) => tidy(argv.join(' '))),
    events,
    log,
    waited,
    variables,
    platform,
    tidy,
  };
}

async function logIn(folder: string): Promise<string> {
  const file = join(folder, 'smsts.log');
  await writeFile(file, 'the log');
  return file;
}

function contentOf({ packages = ['tools'], applications = [] }: ContentWish): Partial<Manifest> {
  return {
    packages: packages.map((name, index) => ({ name, file: 'mediasmith/content.wim', index: index + 1, bytes: 100 })),
    applications: applications.map((wish) => ({
      name: 'app',
      package: 'tools',
      command: `setup.exe /install ${wish.name}`,
      successCodes: [0],
      dependsOn: [],
      ...wish,
    })),
  };
}

/** Judges the exit code and masks what the program says as the real one does. */
function answering(answer: NonNullable<ContentWish['answer']>, calls: Call[]): Exec {
  return async (argv, options = {}) => {
    calls.push({ argv, options });
    const { exitCode = 0, lines = [] } = answer({ argv, options }) ?? {};
    const hide = redactor(options.secrets ?? []);
    for (const line of lines) options.onLine?.(hide(line));
    if (!(options.successCodes ?? [0]).includes(exitCode)) {
      const where = hide(options.shown ?? argv.join(' '));
      throw new MediasmithError('TOOL_FAILED', `${argv[0]} ended with exit code ${exitCode}`, {
        where,
        lines: lines.map(hide),
        exitCode,
      });
    }
    return { exitCode, stdout: lines.join('\n'), stderr: '' };
  };
}

class PackagePlatform extends FakePlatform {
  readonly #files: Readonly<Record<string, string>>;

  constructor(
    folder: string,
    options: { machine: Machine; name: PlatformName },
    files: Readonly<Record<string, string>>,
  ) {
    super(folder, options);
    this.#files = files;
  }

  override async extractImage(file: string, index: number, folder: string): Promise<void> {
    await super.extractImage(file, index, folder);
    await writeFiles(folder, this.#files);
  }
}
