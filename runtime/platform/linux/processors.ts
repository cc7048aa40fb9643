import type { Machine } from '../../contract/machine.ts';

type Fields = ReadonlyMap<string, string>;

/**
 * The processors of /proc/cpuinfo, one for each socket: the kernel has a block for each logical processor. Without a
 * socket's number, as on ARM64, there is one. `megahertz`: the rated speed, 0 where it is not known. Pure.
 */
export function parseProcessors(cpuinfo: string, megahertz: number): Machine['processors'] {
  const blocks = cpuinfo
    .split(/\n\s*\n/)
    .map(fieldsOf)
    .filter((fields) => fields.has('processor'));
  return [...Map.groupBy(blocks, (fields) => fields.get('physical id') ?? '').values()].map((threads) => {
    const [first] = threads;
    const cores = new Set(threads.map((fields) => fields.get('core id')).filter((id) => id !== undefined));
    return {
      name: first?.get('model name') ?? '',
      manufacturer: first?.get('vendor_id') ?? '',
      cores: Number(first?.get('cpu cores')) || cores.size || threads.length,
      logicalProcessors: threads.length,
      megahertz: megahertz || Math.round(Math.max(0, ...threads.map((fields) => Number(fields.get('cpu MHz')) || 0))),
    };
  });
}

function fieldsOf(block: string): Fields {
  return new Map(
    block.split('\n').map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim(), value.join(':').trim()];
    }),
  );
}
