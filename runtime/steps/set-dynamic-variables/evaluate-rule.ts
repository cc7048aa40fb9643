import type { ConditionFacts } from '../../contract/facts.ts';
import type { Machine } from '../../contract/machine.ts';
import { evaluateCondition } from '../../sequence/condition.ts';
import { fitsPattern, wildcardPattern } from '../../sequence/wql/pattern.ts';
import type { DynamicCondition } from './schema.ts';

type Verdict = { holds: boolean; why: string };
type Computer = Extract<DynamicCondition, { computer: unknown }>['computer'];

/** Whether a rule holds for this machine, and a line that says why. Nothing is told apart by case. */
export async function evaluateRule(condition: DynamicCondition | undefined, facts: ConditionFacts): Promise<Verdict> {
  const { machine } = facts;
  if (condition === undefined) return { holds: true, why: 'always' };
  if ('computer' in condition) return evaluateComputer(condition.computer, machine);
  if ('location' in condition) {
    const gateways = machine.networkAdapters.flatMap((adapter) => adapter.gateways);
    const { gateway } = condition.location;
    return verdict(
      gateways.some((each) => isSame(each, gateway)),
      `gateway ${gateways.join(', ') || '(none)'} is ${gateway}`,
    );
  }
  if ('makeAndModel' in condition) {
    const { make, model } = condition.makeAndModel;
    const holds =
      fitsPattern(machine.make, wildcardPattern(make)) && fitsPattern(machine.model, wildcardPattern(model));
    return verdict(holds, `"${machine.make}" "${machine.model}" is like "${make}" "${model}"`);
  }
  return evaluateCondition(condition, facts);
}

/** One that is the machine's is enough. */
function evaluateComputer({ assetTag, uuid, serial, macAddress }: Computer, machine: Machine): Verdict {
  const digits = (mac: string) => mac.replace(/[^0-9a-f]/gi, '');
  const asked = [
    { what: 'asset tag', wanted: assetTag, has: [machine.assetTag] },
    { what: 'UUID', wanted: uuid, has: [machine.uuid] },
    { what: 'serial number', wanted: serial, has: [machine.serial] },
    { what: 'MAC address', wanted: macAddress && digits(macAddress), has: machine.macAddresses.map(digits) },
  ].filter(({ wanted }) => wanted !== undefined);
  const holds = asked.some(({ wanted, has }) => has.some((each) => isSame(each, wanted)));
  const why = asked.map(({ what, wanted, has }) => `${what} ${has.join(', ') || '(none)'} is ${wanted}`).join(' or ');
  return verdict(holds, why);
}

function verdict(holds: boolean, why: string): Verdict {
  return { holds, why: `${why}: ${holds}` };
}

/** What the firmware does not say equals nothing. */
function isSame(actual: string, wanted: string | undefined): boolean {
  return actual !== '' && actual.trim().toLowerCase() === wanted?.trim().toLowerCase();
}
