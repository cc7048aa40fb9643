import { dirname, join } from 'node:path';
import { MediasmithError } from '../contract/errors.ts';
import { type Koffi, loadKoffi } from '../native/koffi.ts';
import { CALLBACKS, declareFunctions, type Pointer, type WimFunctions } from './declarations.ts';
import { type ErrorLog, openErrorLog } from './error-log.ts';

/** libwim bound, with what the binding needs to read C memory. */
export type WimLibrary = {
  functions: WimFunctions;
  /** As libwim says it: `1.13.6`. */
  version: string;
  errorLog: ErrorLog;
  /** Makes a function callable from C until it is given to `release`. An exception in it never reaches C: catch your own. */
  callback(kind: keyof typeof CALLBACKS, run: (...given: never[]) => number): Pointer;
  release(callback: Pointer): void;
  readNumber(at: Pointer, offset: number, type: 'uint32' | 'uint64'): number;
  /** A pointer to text at an offset, followed; null where the pointer is. */
  readText(at: Pointer, offset: number): string | null;
  /** Sets the access time of one file, folder or symbolic link and nothing else. False where the system refuses. */
  setAccessTime(path: string, nanoseconds: bigint): boolean;
  /** Ends the process at once: no listener runs and no thread is waited for. */
  exitNow(code: number): void;
};

/** On Windows, in the folder of this program. Whoever wants it puts it there. */
export const LIBWIM_DLL = 'libwim-15.dll';

const DEFAULT_CASE_INSENSITIVE = 0x20;
/** The most koffi allows. The system gives the memory only as far as a call reaches into it. */
const STACK_BYTES = 16 * 1024 * 1024;

let library: Promise<WimLibrary> | undefined;

/**
 * koffi and libwim, loaded at the first call and never before: most commands touch no image. Throws `TOOL_MISSING`
 * where either cannot be loaded.
 */
export function wimLibrary(): Promise<WimLibrary> {
  library ??= loadKoffi().then(bindLibrary);
  return library;
}

function bindLibrary(koffi: Koffi): WimLibrary {
  // koffi gives an asynchronous call 128 KiB of stack; libwim walks trees by recursion and needs a thread's usual stack.
  koffi.config({ ...koffi.config(), async_stack_size: STACK_BYTES });
  const windows = process.platform === 'win32';
  const text = windows ? 'str16' : 'str';
  const handle = loadFirst(koffi, windows ? [join(dirname(process.execPath), LIBWIM_DLL)] : ['libwim.so.15']);
  const functions = declareFunctions((prototype) => handle.func(prototype), text);
  const types = {
    progress: koffi.pointer(koffi.proto(CALLBACKS.progress)),
    visit: koffi.pointer(koffi.proto(CALLBACKS.visit)),
  };
  // The paths of a Windows image mean the same file whatever their case.
  functions.globalInit(DEFAULT_CASE_INSENSITIVE);
  const version = functions.getVersion();
  return {
    functions,
    version: `${version >>> 20}.${(version >>> 10) & 0x3ff}.${version & 0x3ff}`,
    errorLog: openErrorLog((path) => functions.setErrorFileByName(path) === 0),
    callback: (kind, run) => koffi.register(run, types[kind]),
    release: (callback) => koffi.unregister(callback),
    readNumber: (at, offset, type) => Number(koffi.decode(at, offset, type)),
    readText: (at, offset) => koffi.decode(at, offset, text) as string | null,
    exitNow: koffi.load(windows ? 'ucrtbase.dll' : null).func('void _exit(int code)'),
    setAccessTime: windows ? () => false : accessTimeSetter(koffi),
  };
}

const HINT_LINUX =
  'Install the package wimtools, which brings libwim; "mediasmith doctor" lists everything that is missing.';
const HINT_WINDOWS = `Put there the ${LIBWIM_DLL} for this processor, or none: without it DISM does its work.`;

function loadFirst(koffi: Koffi, names: readonly string[]): ReturnType<Koffi['load']> {
  const reasons: string[] = [];
  for (const name of names) {
    try {
      return koffi.load(name);
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new MediasmithError('TOOL_MISSING', `cannot load libwim: ${names.join(', ')}`, {
    lines: reasons,
    hint: process.platform === 'win32' ? HINT_WINDOWS : HINT_LINUX,
  });
}

function accessTimeSetter(koffi: Koffi): WimLibrary['setAccessTime'] {
  const AT_FDCWD = -100;
  const AT_SYMLINK_NOFOLLOW = 0x100;
  const UTIME_OMIT = 0x3ffffffen;
  const utimensat = koffi.load(null).func('int utimensat(int folder, str path, int64_t *times, int flags)');
  return (path, nanoseconds) => {
    const seconds = nanoseconds / 1_000_000_000n;
    const times = BigInt64Array.of(seconds, nanoseconds % 1_000_000_000n, 0n, UTIME_OMIT);
    return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) === 0;
  };
}
