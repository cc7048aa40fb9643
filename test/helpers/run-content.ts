import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Machine } from '../../runtime/contract/machine.ts';
import type { Manifest, ManifestApplication } from '../../runtime/contract/manifest.ts';
import type { PlatformName } from '../../runtime/contract/step.ts';
import { Variables } from '../../runtime/contract/variables.ts';
import { type Exec, type ExecOptions, redactor } from '../../runtime/host/exec.ts';
import { aMachine } from './machine.ts';
import { type Ran, runSteps } from './run.ts';

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

/** `ran`: the command lines. */
export type ContentRun = Omit<Ran, 'folder'> & {
  calls: Call[];
  log: string[];
  /** Folders of this test become names, so that command lines can be compared. */
  tidy: (text: string) => string;
};

/** Runs steps that use packages and applications, with programs that answer what the test says. */
export async function runContent(steps: readonly object[], wish: ContentWish = {}): Promise<ContentRun> {
  const { platformName = 'windows', machine = WINDOWS, variables = new Variables(), files = {} } = wish;
  const calls: Call[] = [];
  const { folder, ...run } = await runSteps(steps, {
    exec: answering(wish.answer ?? (() => undefined), calls),
    ...{ platformName, machine, variables, manifest: contentOf(wish) },
    change: (platform) => Object.assign(platform.packageFiles, files),
  });
  const tidy = (text: string): string => text.replaceAll(folder, 'FOLDER').replace(/\/[^ ,]*\/step-\w+/g, 'TEMP');
  return {
    ...run,
    calls,
    ran: calls.map(({ argv }) => tidy(argv.join(' '))),
    log: run.events.flatMap((event) => (event.event === 'log' ? [event.message] : [])),
    tidy,
  };
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
