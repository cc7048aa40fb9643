import { z } from 'zod';
import type { ConditionFacts, InstalledSoftware } from '../../contract/facts.ts';
import { Comparison, satisfies, versionOrder } from './comparison.ts';
import { type Verdict, verdict } from './verdict.ts';

const CODE = z
  .string()
  .regex(/^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i, 'a code of Windows Installer has the form {GUID}');
const NAME = z.string().max(255).optional().describe('For whoever reads it; it is not compared');
const VERSION = z
  .string()
  .regex(/^\d+(\.\d+){0,3}$/, 'a version has up to four numbers with dots between: 16.0.4266.1001');

export const SoftwareCondition = z.strictObject({
  software: z
    .union([
      z.strictObject({
        productCode: CODE.describe('The very product: each major version has its own code'),
        version: VERSION.optional().describe('The version it must have'),
        name: NAME,
      }),
      z.strictObject({
        upgradeCode: CODE.describe('Any version of a product: all share this code'),
        operator: Comparison.default('greaterEqual').describe('How its version stands to the one given'),
        version: VERSION.optional().describe('Without one, any version will do'),
        name: NAME,
      }),
    ])
    .describe('A product that Windows Installer has installed'),
});
export type SoftwareCondition = z.infer<typeof SoftwareCondition>;

export async function evaluateSoftware({ software }: SoftwareCondition, facts: ConditionFacts): Promise<Verdict> {
  const all = await facts.system.installedSoftware();
  const byProduct = 'productCode' in software;
  const code = byProduct ? software.productCode : software.upgradeCode;
  const operator = byProduct ? 'equals' : software.operator;
  const { name, version } = software;
  const there = all.filter((one) => sameCode(byProduct ? one.productCode : one.upgradeCode, code));
  const fits = (one: InstalledSoftware) =>
    version === undefined || satisfies(operator, versionOrder(one.version, version));
  const found = there.length === 0 ? 'not installed' : there.map((one) => `${one.name} ${one.version}`).join(', ');
  const asked = version === undefined ? 'is installed' : `version ${operator} ${version}`;
  return verdict(there.some(fits), `software ${name === undefined ? code : `"${name}" ${code}`}`, found, asked);
}

function sameCode(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
