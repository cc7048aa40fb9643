import type { Machine } from '../../contract/machine.ts';
import type { CimValue, Instance, WqlClass } from './class.ts';
import { compileWql } from './compile.ts';
import { parseWql } from './parse.ts';
import { WqlError } from './wql-error.ts';

/** How many instances of how many it finds. `seen`: the properties it asked for, instance by instance. */
export type QueryResult = { className: string; found: number; of: number; seen: string[] };

/** Answers a WQL query from the inventory. @throws WqlError */
export function queryMachine(query: string, namespace: string, machine: Machine): QueryResult {
  const compiled = compileWql(parseWql(query), namespace);
  const { name } = compiled.class;
  const instances = compiled.class.instances(machine);
  if (typeof instances === 'string') {
    const hint = 'Put a condition beside it that decides without it: variable _SMSTSInWinPE.';
    throw new WqlError(`${name} is ${instances}`, undefined, hint);
  }
  const found = instances.filter(compiled.accepts).length;
  const seen = instances.map((instance) => describe(compiled.class, instance, compiled.reads));
  return { className: name, found, of: instances.length, seen: seen.filter((line) => line !== '') };
}

function describe(of: WqlClass, instance: Instance, reads: readonly number[]): string {
  return reads.map((index) => `${of.properties[index]?.name} ${shown(instance(index))}`).join(', ');
}

function shown(value: CimValue): string {
  if (value === undefined) return 'not known';
  if (value === null) return 'NULL';
  return typeof value === 'string' ? `"${value}"` : String(value);
}
