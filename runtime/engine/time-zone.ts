import type { RegistryValue, SystemFacts } from '../contract/facts.ts';

const KEY = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\TimeZoneInformation';

/**
 * `_SMSTSTimezone`: bias, standard and daylight bias, the date on which each begins in eight numbers, their names, all
 * parted by commas (Microsoft: "Task sequence variables"). Empty where there is no registry, or not all of it is in it.
 */
export async function timeZone(facts: Pick<SystemFacts, 'registryValue'>): Promise<string> {
  const read = (name: string) => facts.registryValue(KEY, name).catch(() => undefined);
  const biases = [await read('Bias'), await read('StandardBias'), await read('DaylightBias')].map(minutes);
  const dates = [await read('StandardStart'), await read('DaylightStart')].map(date);
  const names = [await read('StandardName'), await read('DaylightName')].map(text);
  const parts = [...biases, ...dates, ...names];
  return parts.includes(undefined) ? '' : parts.join(',');
}

/** A DWORD with a sign. */
function minutes(value: RegistryValue | undefined): number | undefined {
  return typeof value?.data === 'bigint' ? Number(BigInt.asIntN(32, value.data)) : undefined;
}

/** The key has the day of the week last, as the kernel's TIME_FIELDS; the variable has it third, as SYSTEMTIME. */
function date(value: RegistryValue | undefined): string | undefined {
  if (!(value?.data instanceof Uint8Array) || value.data.length < 16) return undefined;
  const view = new DataView(value.data.buffer, value.data.byteOffset, 16);
  const [year, month, day, hour, minute, second, milliseconds, dayOfWeek] = Array.from({ length: 8 }, (_, index) =>
    view.getUint16(index * 2, true),
  );
  return [year, month, dayOfWeek, day, hour, minute, second, milliseconds].join(',');
}

function text(value: RegistryValue | undefined): string | undefined {
  return typeof value?.data === 'string' ? value.data : undefined;
}
