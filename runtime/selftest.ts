import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERROR_CODES } from './contract/errors.ts';
import { exists } from './host/exists.ts';
import { windowsRoot } from './host/place.ts';
import { decodeAdapters } from './native/adapter-addresses.ts';
import { loadKoffi } from './native/koffi.ts';
import { parseSmbios } from './native/smbios.ts';
import { loadWin32 } from './native/win32.ts';
import { LOADED_DLLS } from './native/windows-dlls.ts';
import { win32Facts } from './platform/win32/facts.ts';
import { isWinpe, readOperatingSystem } from './platform/win32/operating-system.ts';
import { systemProgram } from './platform/winpe/command-lines.ts';
import type { Tool } from './platform/winpe/exit-codes.ts';
import { SEAL_CHECKS } from './seal/known-answers.ts';

export type SelfCheck = { name: string; ok: boolean; detail: string };

/** Says what of the runtime works here; `detail` is for a person. An error in it means that the check is not ok. */
type Check = { name: string; run: () => Promise<{ ok: boolean; detail: string }> };

/** What Node's executable for Windows imports. */
const IMPORTS = [
  'kernel32',
  'ntdll',
  'advapi32',
  'user32',
  'ole32',
  'shell32',
  'userenv',
  'iphlpapi',
  'ws2_32',
  'crypt32',
]
  .concat(['winmm', 'dbghelp'])
  .map((name) => `${name}.dll`);
const NEEDED_DLLS = [...new Set([...IMPORTS, ...LOADED_DLLS])];
const NEEDED_TOOLS: readonly Tool[] = ['diskpart', 'dism', 'bcdboot', 'bcdedit', 'wpeutil'];
const OPTIONAL_TOOLS: readonly Tool[] = ['drvload', 'reagentc', 'bootsect', 'powercfg'];
const CURRENT_VERSION = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const NAME_COLUMNS = 12;

/**
 * Tries everything the runtime stands on and changes nothing. With `json` it prints exactly one document. Resolves to the
 * exit code: 0 when all that is needed is there.
 */
export async function selftest(json: boolean, print: (text: string) => void): Promise<number> {
  const windows = process.platform === 'win32';
  const checks: SelfCheck[] = [];
  for (const check of windows ? [...COMMON, ...WINDOWS, ...windowsTools()] : COMMON) {
    checks.push(await runCheck(check));
    if (!json) print(describe(checks.at(-1)));
  }
  if (json) print(`${JSON.stringify({ checks })}\n`);
  return checks.every(({ ok }) => ok) ? 0 : ERROR_CODES.MEDIUM_CORRUPT;
}

async function runCheck({ name, run }: Check): Promise<SelfCheck> {
  try {
    return { name, ...(await run()) };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function describe(check: SelfCheck | undefined): string {
  if (check === undefined) return '';
  return `${check.ok ? 'ok    ' : 'FAILED'} ${check.name.padEnd(NAME_COLUMNS)} ${check.detail}\n`;
}

const COMMON: readonly Check[] = [
  {
    name: 'node',
    run: async () => ({
      ok: process.arch === 'x64' || process.arch === 'arm64',
      detail: `${process.version} ${process.platform} ${process.arch}`,
    }),
  },
  {
    name: 'native',
    run: async () => {
      const koffi = await loadKoffi();
      const windows = process.platform === 'win32';
      const prototype = windows ? 'uint32_t __stdcall GetCurrentProcessId()' : 'int getpid()';
      const number: unknown = koffi.load(windows ? 'kernel32.dll' : null).func(prototype)();
      return { ok: number === process.pid, detail: `koffi ${koffi.version}, process ${number}` };
    },
  },
  {
    name: 'temp',
    run: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'selftest-'));
      try {
        const file = join(folder, 'file');
        await writeFile(file, folder);
        return { ok: (await readFile(file, 'utf8')) === folder, detail: tmpdir() };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
  ...SEAL_CHECKS,
  {
    name: 'console',
    run: async () => {
      const { isTTY, columns, rows } = process.stdout;
      return { ok: true, detail: isTTY ? `terminal, ${columns} columns, ${rows} rows` : 'no terminal' };
    },
  },
];

const WINDOWS: readonly Check[] = [
  {
    name: 'imports',
    run: async () => {
      const win32 = await loadWin32();
      const missing = NEEDED_DLLS.filter((name) => !win32.hasModule(name));
      const names = (missing.length === 0 ? NEEDED_DLLS : missing).map((name) => name.replace('.dll', '')).join(' ');
      return { ok: missing.length === 0, detail: missing.length === 0 ? names : `missing: ${names}` };
    },
  },
  {
    name: 'smbios',
    run: async () => {
      const raw = (await loadWin32()).smbios();
      const { make, model } = parseSmbios(raw);
      // A firmware that says nothing costs the conditions on the model, not the deployment.
      return {
        ok: true,
        detail: raw.length === 0 ? 'none' : `${raw.length} bytes, ${make || 'no make'}, ${model || 'no model'}`,
      };
    },
  },
  {
    name: 'drives',
    run: async () => {
      const win32 = await loadWin32();
      const letters = win32.driveLetters();
      const detail = letters.map((letter) => `${letter}: ${win32.driveType(letter)}`).join(', ');
      return { ok: letters.length > 0, detail: detail || 'none' };
    },
  },
  {
    name: 'registry',
    run: async () => {
      const win32 = await loadWin32();
      const facts = win32Facts(win32);
      const value = await facts.registryValue(CURRENT_VERSION, 'CurrentVersion');
      const software = await facts.installedSoftware();
      const below = win32.registrySubkeys(CURRENT_VERSION);
      const keys = 'names' in below ? below.names.length : 0;
      const ok = value?.type === 'REG_SZ' && keys > 0 && !(await facts.registryKeyExists(`${CURRENT_VERSION}\\\u0001`));
      return { ok, detail: `version ${value?.data}, ${keys} keys, ${software.length} products installed` };
    },
  },
  {
    name: 'file version',
    run: async () => {
      const file = await win32Facts(await loadWin32()).file(process.execPath);
      return { ok: file?.version !== undefined, detail: file?.version ?? `none in ${process.execPath}` };
    },
  },
  {
    name: 'system',
    run: async () => {
      const win32 = await loadWin32();
      const system = readOperatingSystem(win32, windowsRoot());
      const { kind = 'in neither', name = 'domain nor workgroup' } = win32.joined() ?? {};
      const rights = win32.isAdministrator() ? 'administrator' : 'no administrator';
      const place = isWinpe(win32) ? 'WinPE' : `${system?.caption} ${system?.version}`;
      const tpm = `TPM ${win32.tpmVersion() ?? 'none'}`;
      return { ok: true, detail: [place, win32.firmwareType() ?? 'bios', `${kind} ${name}`, rights, tpm].join(', ') };
    },
  },
  {
    name: 'network',
    run: async () => {
      const adapters = decodeAdapters((await loadWin32()).adapterAddresses());
      const detail = adapters.map(({ name, mac, addresses }) => [name, mac, ...addresses].join(' ')).join(', ');
      return { ok: true, detail: detail || 'no adapter' };
    },
  },
];

function windowsTools(): Check[] {
  const check = (tool: Tool, needed: boolean): Check => ({
    name: tool,
    run: async () => {
      const program = systemProgram(windowsRoot(), tool);
      if (await exists(program)) return { ok: true, detail: program };
      return { ok: !needed, detail: needed ? `${program} is not there` : 'not there, not needed' };
    },
  });
  return [...NEEDED_TOOLS.map((tool) => check(tool, true)), ...OPTIONAL_TOOLS.map((tool) => check(tool, false))];
}
