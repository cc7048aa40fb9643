import { z } from 'zod';
import type { Machine } from './machine.ts';
import type { ManifestVariable } from './manifest.ts';
import { WritableVariableName } from './variables.ts';

const Pattern = z.string().min(1).max(256);
const Wanted = z.union([Pattern, z.array(Pattern).min(1)]);

/** Which machines are meant: every field that is given must fit. */
const MachineMatch = z
  .strictObject({
    serial: Wanted.optional().describe(
      'Serial number; * stands for any text, ? for a character, a list for any of them',
    ),
    mac: Wanted.optional().describe('The MAC address of one of its network adapters, with : or - or without'),
    uuid: Wanted.optional().describe('SMBIOS UUID'),
    assetTag: Wanted.optional().describe('Asset tag'),
    make: Wanted.optional().describe('Manufacturer'),
    model: Wanted.optional().describe('Model'),
  })
  .refine((match) => Object.values(match).some((wanted) => wanted !== undefined), 'name at least one of its fields');
type MachineMatch = z.infer<typeof MachineMatch>;

const Values = z
  .record(WritableVariableName, z.union([z.string().max(4000), z.number(), z.boolean()]).transform(String))
  .describe('Variables and their values. The medium holds them in clear: no secrets, unless it has a password');

/** The file `machines` of media.yaml: variables of single machines, and of collections of them. */
export const Machines = z
  .strictObject({
    formatVersion: z.literal(1).describe('The version of this format'),
    collections: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(100).describe('For whoever reads it'),
          match: MachineMatch.optional().describe('Which machines belong to it; without it, all'),
          variables: Values,
        }),
      )
      .default([])
      .describe('Of several collections of a machine the later one wins'),
    machines: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(100).optional().describe('For whoever reads it'),
          match: MachineMatch.describe('Which machine it is'),
          variables: Values,
        }),
      )
      .default([])
      .describe('Single machines; they win over collections'),
  })
  .meta({ title: 'Variables of machines' });
export type Machines = z.infer<typeof Machines>;

/**
 * The variables a machine starts with, each once: those of its collections, over them its own, over them what the medium
 * gives (ConfigMgr: collection, device, media). A variable of the medium without a value is a question and stays out.
 */
export function variablesFor(
  { collections, machines }: Machines,
  machine: Machine,
  media: readonly ManifestVariable[] = [],
): { name: string; value: string }[] {
  const found = new Map<string, { name: string; value: string }>();
  const set = (name: string, value: string) => found.set(name.toLowerCase(), { name, value });
  for (const { match, variables } of [...collections, ...machines]) {
    if (match !== undefined && !fits(match, machine)) continue;
    for (const [name, value] of Object.entries(variables)) set(name, value);
  }
  for (const { name, value } of media) if (value !== undefined) set(name, value);
  return [...found.values()];
}

/** Every name the file may set, each once. */
export function variablesOf({ collections, machines }: Machines): string[] {
  return [...new Set([...collections, ...machines].flatMap(({ variables }) => Object.keys(variables)))];
}

function fits({ mac, ...match }: MachineMatch, machine: Machine): boolean {
  const texts = Object.entries(match).every(
    ([field, wanted]) => wanted === undefined || like(wanted, machine[field as keyof typeof match]),
  );
  return texts && (mac === undefined || machine.macAddresses.some((address) => like(bare(mac), bareMac(address))));
}

function bare(wanted: z.infer<typeof Wanted>): string[] {
  return [wanted].flat().map(bareMac);
}

function bareMac(address: string): string {
  return address.replace(/[:.-]/g, '');
}

/** Without regard to case and to spaces around, which firmware is full of. */
function like(wanted: z.infer<typeof Wanted>, text: string): boolean {
  return [wanted].flat().some((pattern) => toRegExp(pattern.trim()).test(text.trim()));
}

function toRegExp(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'is');
}
