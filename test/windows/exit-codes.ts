/** diskpart's own. */
export const DISKPART_CODES: readonly number[] = [1, 2, 3, 4, 5];
const WINDOWS = [2, 3, 5, 8, 11, 13, 14, 15, 19, 21, 23, 32, 50, 87, 112, 193, 1117, 1168, 1223, 1392, 1393];
const LONG = [0x800f081e, 0x800f0838, 0x800f0830, 0xc0000005, 0xc0000135, 0xc000013a, 0xc0000142];
/** Codes that are not known, and known ones in other clothes: as an HRESULT, with a sign. */
const OTHERS = [4711, 0x80070005, -2147024784, 0x80004005, -2147467259];

/** Every exit code the runtime knows of, and some it does not. */
export const ALL_CODES: readonly number[] = [...new Set([1, 4, ...WINDOWS, ...LONG, ...OTHERS])];
/** One of each kind, for programs that are judged as DISM is. */
export const SOME_CODES: readonly number[] = [5, 13, 112, 4711, -2147024784, 0xc0000135];
/** For what takes a whole run to show one. */
export const FEW_CODES: readonly number[] = [193, -2147024784];
