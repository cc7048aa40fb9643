import type { Koffi } from './koffi.ts';
import { bindFunctions, succeeded } from './win32-library.ts';

export type ConsoleCalls = {
  /** Keeps a click into the console's window from stopping everything that writes to it. False where it cannot. */
  disableQuickEdit(): boolean;
  /** Makes the console read what is written to it as UTF-8, and programs that ask it write UTF-8 themselves. False where it cannot. */
  useUtf8(): boolean;
  /** Starts a program in a console window of its own, which inherits nothing of ours. False where it cannot. */
  openConsole(program: string): boolean;
};

const STANDARD_INPUT = -10;
const QUICK_EDIT = 0x40;
/** Without it the system takes no notice of the bit for quick editing. */
const EXTENDED_FLAGS = 0x80;
const NEW_CONSOLE = 0x10;
const CODE_PAGE_UTF8 = 65001;
/** STARTUPINFOW and PROCESS_INFORMATION of a 64-bit process. */
const STARTUP_BYTES = 104;
const PROCESS_BYTES = 24;

export function consoleCalls(koffi: Koffi): ConsoleCalls {
  const kernel = bindFunctions(koffi, 'kernel32.dll', {
    GetStdHandle: 'intptr_t __stdcall GetStdHandle(int which)',
    GetConsoleMode: 'int __stdcall GetConsoleMode(intptr_t console, _Out_ uint32_t *mode)',
    SetConsoleMode: 'int __stdcall SetConsoleMode(intptr_t console, uint32_t mode)',
    SetConsoleOutputCP: 'int __stdcall SetConsoleOutputCP(uint32_t codePage)',
    CreateProcessW:
      'int __stdcall CreateProcessW(str16 program, void *commandLine, void *processSecurity, void *threadSecurity, int inherit, uint32_t flags, void *environment, void *folder, uint8_t *startup, _Out_ uint8_t *process)',
    CloseHandle: 'int __stdcall CloseHandle(intptr_t handle)',
  });
  return {
    disableQuickEdit: () => {
      const input = kernel.GetStdHandle(STANDARD_INPUT);
      const mode = [0];
      if (!succeeded(kernel.GetConsoleMode(input, mode))) return false;
      return succeeded(kernel.SetConsoleMode(input, ((mode[0] ?? 0) & ~QUICK_EDIT) | EXTENDED_FLAGS));
    },
    useUtf8: () => succeeded(kernel.SetConsoleOutputCP(CODE_PAGE_UTF8)),
    openConsole: (program) => {
      const startup = Buffer.alloc(STARTUP_BYTES);
      startup.writeUInt32LE(STARTUP_BYTES);
      const started = Buffer.alloc(PROCESS_BYTES);
      if (!succeeded(kernel.CreateProcessW(program, null, null, null, 0, NEW_CONSOLE, null, null, startup, started)))
        return false;
      for (const offset of [0, 8]) kernel.CloseHandle(Number(started.readBigInt64LE(offset)));
      return true;
    },
  };
}
