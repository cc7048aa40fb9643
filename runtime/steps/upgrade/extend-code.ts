const PHASES: Readonly<Record<number, string>> = {
  0: 'an unknown phase',
  1: 'the running Windows (downlevel)',
  2: 'the safe operating system',
  3: 'the first start of the new Windows',
  4: 'the second start of the new Windows (OOBE)',
  5: 'the uninstallation',
};

const OPERATIONS: Readonly<Record<number, string>> = {
  0: 'an unknown operation',
  1: 'copying the payload',
  2: 'downloading updates',
  3: 'installing updates',
  4: 'installing the recovery environment',
  5: 'installing the recovery image',
  6: 'replicating optional components',
  7: 'installing drivers',
  8: 'preparing the safe operating system',
  9: 'preparing the rollback',
  10: 'preparing the first start',
  11: 'preparing the second start',
  12: 'applying the image',
  13: 'migrating data',
  14: 'setting the product key',
  15: 'adding unattended settings',
  16: 'adding a driver',
  17: 'enabling a feature',
  18: 'disabling a feature',
  19: 'registering an asynchronous process',
  20: 'registering a synchronous process',
  21: 'making a file',
  22: 'making a registry value',
  23: 'starting',
  24: 'sysprep',
  25: 'OOBE',
  26: 'beginning the first start',
  27: 'ending the first start',
  28: 'beginning the second start',
  29: 'ending the second start',
  30: 'what comes before OOBE',
  31: 'what comes after OOBE',
  32: 'adding a provisioning package',
};

/**
 * Where an upgrade has failed: an extend code such as 0x2000C, whose first digit is the phase and whose last two are the
 * operation (Microsoft: "Upgrade error codes"). Pure.
 */
export function explainExtendCode(extend: number): string {
  const phase = PHASES[(extend >>> 16) & 0xf] ?? PHASES[0];
  const operation = OPERATIONS[extend & 0xff] ?? OPERATIONS[0];
  return `in ${phase}, while ${operation}`;
}

export type SetupFailure = { result: number; extend: number };

/** The last pair of result and extend code that a log of Setup names: `0xC1900101 - 0x20017`. Pure. */
export function lastFailure(log: string): SetupFailure | undefined {
  const pairs = [...log.matchAll(/\b(0x[0-9A-F]{8})\s*[-,]\s*(0x[0-6]00[0-9A-F]{2})\b/gi)];
  const [, result, extend] = pairs.at(-1) ?? [];
  return result === undefined || extend === undefined ? undefined : { result: Number(result), extend: Number(extend) };
}
