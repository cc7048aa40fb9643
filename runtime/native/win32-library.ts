import type { Koffi } from './koffi.ts';
import type { WindowsDll } from './windows-dlls.ts';

/** A function of a DLL as koffi gives it; the declaration beside each use says what goes in. */
export type NativeCall = (...given: unknown[]) => unknown;

/**
 * Binds functions of a DLL by their C prototypes. One that this Windows does not have becomes a call that returns
 * undefined: its caller then says that it does not know.
 */
export function bindFunctions<Name extends string>(
  koffi: Koffi,
  dll: WindowsDll,
  prototypes: Record<Name, string>,
): Record<Name, NativeCall> {
  const library = tryTo(() => koffi.load(dll));
  const bound = Object.entries<string>(prototypes).map(([name, prototype]): [string, NativeCall] => [
    name,
    tryTo(() => library?.func(prototype) as NativeCall) ?? (() => undefined),
  ]);
  return Object.fromEntries(bound) as Record<Name, NativeCall>;
}

/** Whether a call that returns a BOOL was there and did what was asked. */
export function succeeded(result: unknown): boolean {
  return typeof result === 'number' && result !== 0;
}

/** The texts of a REG_MULTI_SZ: each ends with a zero, and an empty one ends the list. */
export function multiText(data: Uint8Array): string[] {
  const texts = Buffer.from(data).toString('utf16le').split('\0');
  const end = texts.indexOf('');
  return end < 0 ? texts : texts.slice(0, end);
}

function tryTo<T>(deed: () => T): T | undefined {
  try {
    return deed();
  } catch {
    return undefined;
  }
}
