import type { Koffi } from './koffi.ts';
import { bindFunctions } from './win32-library.ts';

export type NetworkCalls = {
  /**
   * IP_ADAPTER_ADDRESSES of every adapter, and the address at which those bytes lay: the pointers in them count from
   * there. Empty where there is none.
   */
  adapterAddresses(): { data: Buffer; base: bigint };
  /**
   * Connects to a share, or a folder on one, until the next restart; without a user as who runs this. `drive`: the letter
   * and colon it gets, if any. Windows' number of the error, 0 for none; undefined where this Windows has no shares.
   */
  connectShare(
    share: string,
    user: string | undefined,
    password: string | undefined,
    drive?: string | undefined,
  ): number | undefined;
  /** The share that a drive, a letter and a colon, is connected to; undefined where it is to none. */
  shareOfDrive(drive: string): string | undefined;
};

/** NETRESOURCEW on a 64-bit Windows: four numbers, then pointers to a drive, the share, a comment and a provider. */
const RESOURCE_BYTES = 48;
const [TYPE_AT, LOCAL_NAME_AT, REMOTE_NAME_AT] = [4, 16, 24] as const;
const DISK_RESOURCE = 1;
/** CONNECT_TEMPORARY. */
const UNTIL_RESTART = 4;
/** More characters than the name of a share and of a folder on it can have. */
const MOST_NAME = 1024;
const ANY_FAMILY = 0;
/** GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_INCLUDE_GATEWAYS. */
const FLAGS = 0x02 | 0x04 | 0x80;
const OVERFLOW = 111;
/** Microsoft's recommendation for a first try. */
const FIRST_BYTES = 15 * 1024;
const MOST_TRIES = 5;

export function networkCalls(koffi: Koffi): NetworkCalls {
  const helper = bindFunctions(koffi, 'iphlpapi.dll', {
    GetAdaptersAddresses:
      'uint32_t __stdcall GetAdaptersAddresses(uint32_t family, uint32_t flags, void *reserved, _Out_ uint8_t *list, _Inout_ uint32_t *bytes)',
  });
  const providers = bindFunctions(koffi, 'mpr.dll', {
    WNetAddConnection2W:
      'uint32_t __stdcall WNetAddConnection2W(void *resource, str16 password, str16 user, uint32_t flags)',
    WNetGetConnectionW:
      'uint32_t __stdcall WNetGetConnectionW(str16 drive, _Out_ uint8_t *share, _Inout_ uint32_t *characters)',
  });
  return {
    shareOfDrive: (drive) => {
      const name = Buffer.alloc(MOST_NAME * 2);
      if (providers.WNetGetConnectionW(drive, name, [MOST_NAME]) !== 0) return undefined;
      return name.toString('utf16le').split('\0', 1)[0];
    },
    connectShare: (share, user, password, drive) => {
      const resource = shareResource(share, drive, (bytes) => koffi.address(bytes));
      const error = providers.WNetAddConnection2W(resource, password ?? null, user ?? null, UNTIL_RESTART);
      return typeof error === 'number' ? error : undefined;
    },
    adapterAddresses: () => {
      let data = Buffer.alloc(FIRST_BYTES);
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const bytes = [data.length];
        const error = helper.GetAdaptersAddresses(ANY_FAMILY, FLAGS, null, data, bytes);
        if (error === 0) return { data, base: koffi.address(data) };
        if (error !== OVERFLOW) break;
        data = Buffer.alloc(bytes[0] ?? 0);
      }
      return { data: Buffer.alloc(0), base: 0n };
    },
  };
}

/** NETRESOURCEW of a share, which points into itself. `drive`: letter and colon. Pure but for where the bytes lie. */
export function shareResource(share: string, drive: string | undefined, addressOf: (bytes: Buffer) => bigint): Buffer {
  const name = Buffer.from(`${share}\0`, 'utf16le');
  const letter = Buffer.from(drive === undefined ? '' : `${drive}\0`, 'utf16le');
  const resource = Buffer.concat([Buffer.alloc(RESOURCE_BYTES), name, letter]);
  const nameAt = addressOf(resource) + BigInt(RESOURCE_BYTES);
  resource.writeUInt32LE(DISK_RESOURCE, TYPE_AT);
  if (drive !== undefined) resource.writeBigUInt64LE(nameAt + BigInt(name.length), LOCAL_NAME_AT);
  resource.writeBigUInt64LE(nameAt, REMOTE_NAME_AT);
  return resource;
}
