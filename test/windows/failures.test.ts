import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEDIUM_ID } from '../helpers/fake-medium.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import type { StubReply } from '../helpers/wine-stubs.ts';
import { APPLIED, openWinpe, PARTITIONED, type StepText, type Winpe } from '../helpers/wine-winpe.ts';
import { ALL_CODES, DISKPART_CODES, FEW_CODES, SOME_CODES } from './exit-codes.ts';

const EXIT_SHELL = 1;
const FORMAT = { step: 'format-and-partition-disk', style: 'gpt' };
const APPLY = { step: 'apply-operating-system', image: 'windows' };
const DRIVERS = { step: 'apply-driver-package', package: 'tools' };
const RESTART = { step: 'restart-computer' };
const DISM_LOG = 'X:\\Windows\\Temp\\SMSTSLog\\dism.log';

const REAGENT_LOG = 'X:\\Windows\\Logs\\ReAgent\\ReAgent.log';
const LOGS: Readonly<Record<string, string>> = { dism: DISM_LOG, reagentc: REAGENT_LOG };

/** The last: the package does not apply to this image. */
const ADDING_CODES = [193, -2147024784, 0x800f081e];

let winpe: Winpe;
beforeAll(async () => {
  winpe = await openWinpe();
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

/** The step once for each code, and the sequence goes on behind it: so that one run shows them all. */
const eachCode = (step: StepText, codes: readonly number[]): StepText[] =>
  codes.map((code) => ({ ...step, name: String(code), continueOnError: true }));

/** What the tool says and leaves in its log, with the code. */
function failing(tool: string, exitCode: number): StubReply {
  const log = LOGS[tool];
  const files = log === undefined ? {} : { [log]: `begin\r\nthe log of ${exitCode}\r\n` };
  return { exitCode, files, stdout: `${tool} said ${exitCode}\r\n` };
}

/** What the log has of each step that failed: its name, below it the error, what the tool said and the advice. */
async function failures(): Promise<string> {
  const lines: string[] = [];
  let step = '';
  for (const { level, text } of await winpe.records()) {
    const [ended, started] = [/^Step \d+ of \d+ (?!started)/.test(text), /^Step .* started: (.*) \(/.exec(text)?.[1]];
    if (started !== undefined) step = started;
    if (level !== 'error' || ended || text.startsWith('Run ')) continue;
    if (step !== '') lines.push(`exit code ${step}`);
    lines.push(`    ${text}`);
    step = '';
  }
  return lines.join('\n').concat('\n');
}

/** The disk does not start anything, and nobody restarts the machine. */
async function expectLeftAlone(): Promise<void> {
  expect(await winpe.calls()).not.toMatch(/^(bcdboot|bootsect|bcdedit|wpeutil (reboot|shutdown))|^ {4}active$/m);
}

describe('an exit code that ends a step', () => {
  it('of diskpart, cleaning', async () => {
    const codes = [...DISKPART_CODES, 13, 4711, -2147024784];
    const diskpart = codes.map((code) => failing('diskpart', code));
    const steps = [...eachCode(FORMAT, codes), APPLY];
    expect(await winpe.runSteps(steps, { plan: { diskpart } })).toBe(EXIT_SHELL);
    await expect(await failures()).toMatchFileSnapshot('golden/failures/diskpart-clean.txt');
    await expectLeftAlone();
    expect(await winpe.claim()).toBe('');
  });

  it('of diskpart, partitioning', async () => {
    const codes = [...DISKPART_CODES, 112];
    const diskpart = codes.flatMap((code) => [{}, failing('diskpart', code)]);
    expect(await winpe.runSteps([...eachCode(FORMAT, codes), APPLY], { plan: { diskpart } })).toBe(EXIT_SHELL);
    await expect(await failures()).toMatchFileSnapshot('golden/failures/diskpart-partition.txt');
    await expectLeftAlone();
    expect(await winpe.claim()).toContain(MEDIUM_ID);
  });

  it('of dism, applying the image', async () => {
    const dism = [...ALL_CODES, 13].map((code) => failing('dism', code));
    expect(await winpe.runSteps([FORMAT, ...eachCode(APPLY, ALL_CODES), APPLY, RESTART], { plan: { dism } })).toBe(
      EXIT_SHELL,
    );
    await expect(await failures()).toMatchFileSnapshot('golden/failures/dism-apply.txt');
    await expectLeftAlone();
    expect(await winpe.claim()).toContain(MEDIUM_ID);
  });

  it('of dism, unpacking a package and adding its drivers', async () => {
    const unpacking = SOME_CODES.map((code) => failing('dism', code));
    const adding = ADDING_CODES.flatMap((code) => [{}, failing('dism', code)]);
    const steps = [...eachCode(DRIVERS, SOME_CODES), ...eachCode(DRIVERS, ADDING_CODES)];
    const last = failing('dism', 5);
    const dism = [APPLIED, ...unpacking, ...adding, last];
    expect(await winpe.runSteps([FORMAT, APPLY, ...steps, DRIVERS], { plan: { dism } })).toBe(EXIT_SHELL);
    await expect(await failures()).toMatchFileSnapshot('golden/failures/dism-drivers.txt');
    await expectLeftAlone();
    expect(await winpe.claim()).toContain(MEDIUM_ID);
  });
});

describe('an exit code at the end, when the disk is to be made to start', () => {
  const bios = { ...FORMAT, style: 'mbr' };

  it('of bcdboot', async () => {
    const errors: string[] = [];
    for (const code of FEW_CODES) {
      expect(await winpe.runSteps([FORMAT, APPLY], { plan: { bcdboot: failing('bcdboot', code) } })).toBe(EXIT_SHELL);
      errors.push(...(await winpe.said('error')));
      expect(await winpe.calls()).toMatch(/bcdboot .*\n$/);
      expect(await winpe.claim()).toContain(MEDIUM_ID);
    }
    await expect(errors.join('\n').concat('\n')).toMatchFileSnapshot('golden/failures/bcdboot.txt');
  });

  it('of bootsect', async () => {
    expect(await winpe.runSteps([bios, APPLY], { plan: { bootsect: failing('bootsect', 5) } })).toBe(EXIT_SHELL);
    expect(await winpe.said('error')).toEqual([
      'Run failed; next: shell\n' +
        'TOOL_FAILED: the boot code could not be written: bootsect ended with 5 (0x5), access was denied\n' +
        'X:\\Windows\\System32\\bootsect.exe /nt60 S: /mbr\n' +
        'bootsect said 5\n' +
        'Something else may be using the volume.',
    ]);
    expect(await winpe.calls()).toMatch(/bootsect .*\n$/);
    expect(await winpe.claim()).toContain(MEDIUM_ID);
  });

  it('of diskpart, making the partition active', async () => {
    const diskpart = [...PARTITIONED, failing('diskpart', 4)];
    expect(await winpe.runSteps([bios, APPLY], { plan: { diskpart } })).toBe(EXIT_SHELL);
    expect(await winpe.said('error')).toEqual([
      'Run failed; next: shell\n' +
        'TOOL_FAILED: S:\\ could not be made active: diskpart ended with 4 (0x4), a service it uses failed\n' +
        'X:\\Windows\\System32\\diskpart.exe /s <script>\n' +
        'diskpart said 4\n' +
        'The disk may be in use, write-protected or broken.',
    ]);
    expect(await winpe.calls()).toMatch(/ {4}active\n$/);
    expect(await winpe.claim()).toContain(MEDIUM_ID);
  });
});

describe('an exit code that is not worth ending for', () => {
  it('of reagentc and bcdedit', async () => {
    // Hand-overs that differ are each done: every program is called for each code.
    const applied = FEW_CODES.map((_, index) => ({ ...APPLY, locale: ['en-US', 'de-DE'][index] ?? 'fr-FR' }));
    const plan = {
      dism: APPLIED,
      reagentc: FEW_CODES.map((code) => failing('reagentc', code)),
      bcdedit: FEW_CODES.map((code) => failing('bcdedit', code)),
    };
    expect(await winpe.runSteps([FORMAT, ...applied, RESTART], { plan })).toBe(0);
    await expect(await warnings()).toMatchFileSnapshot('golden/failures/reagentc-bcdedit.txt');
    expect(await winpe.calls()).toMatch(/wpeutil reboot\n$/);
    expect(await winpe.claim()).toBe('');
  });

  it('of what makes WinPE ready', async () => {
    const drvload = SOME_CODES.map((code) => failing('drvload', code));
    const wpeutil = [failing('wpeutil', 87), failing('wpeutil', 50)];
    await writeFiles(
      winpe.boot,
      Object.fromEntries(SOME_CODES.map((code) => [`mediasmith/drivers/${code}/nic.inf`, ''])),
    );
    const start = { keyboardLayout: '0407:00000407', drivers: ['drivers'] };
    const plan = { drvload, wpeutil, powercfg: failing('powercfg', 5) };
    expect(await winpe.runSteps([RESTART], { plan, start })).toBe(0);
    await expect(await warnings()).toMatchFileSnapshot('golden/failures/start.txt');
    expect(await winpe.calls()).toMatch(/wpeutil reboot\n$/);
  });

  it('of wpeutil, restarting: the recovery console comes', async () => {
    const said: string[] = [];
    for (const code of FEW_CODES) {
      expect(await winpe.runSteps([RESTART], { plan: { wpeutil: [{}, {}, failing('wpeutil', code)] } })).toBe(
        EXIT_SHELL,
      );
      said.push(await warnings());
    }
    await expect(said.join('')).toMatchFileSnapshot('golden/failures/wpeutil.txt');
  });
});

/** Each warning, and below it what its program has said. */
async function warnings(): Promise<string> {
  const lines = (await winpe.records()).flatMap(({ level, text }) =>
    level === 'warning' ? [text] : / said -?\d+$|^the log of /.test(text) ? [`    ${text}`] : [],
  );
  return lines.join('\n').concat('\n');
}
