/**
 * The DLLs of Windows that are loaded while the runtime works, beside those its executable imports. Without one of these
 * its calls answer nothing and nobody notices: a machine without devices, for instance.
 */
export const LOADED_DLLS = ['kernel32.dll', 'advapi32.dll', 'iphlpapi.dll', 'setupapi.dll'] as const;

/** Loaded too, each for one thing, which is all that a Windows without it cannot do. */
export const OPTIONAL_DLLS = {
  'mpr.dll': 'shares of the network cannot be connected',
  'netapi32.dll': 'the domain or workgroup is not known',
  'tbs.dll': 'the version of the TPM is not known',
} as const;

/** A DLL whose functions may be bound: a new one must be on one of the lists, which the build and the self-test read. */
export type WindowsDll = (typeof LOADED_DLLS)[number] | keyof typeof OPTIONAL_DLLS;
