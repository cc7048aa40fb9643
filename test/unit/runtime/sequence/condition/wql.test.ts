import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../../runtime/contract/variables.ts';
import { Condition, evaluateCondition } from '../../../../../runtime/sequence/condition.ts';
import { aMachine } from '../../../../helpers/machine.ts';
import { noFacts } from '../../../../helpers/no-facts.ts';

async function holds(wql: string, value: string, serial = 'SN1'): Promise<boolean> {
  const variables = new Variables();
  variables.set('Value', value);
  const facts = { variables, machine: aMachine({ serial }), system: noFacts('nothing') };
  return (await evaluateCondition(Condition.parse({ wql }), facts)).holds;
}

describe('the value of a variable in a query', () => {
  const EQUALS = "SELECT * FROM Win32_BIOS WHERE SerialNumber = '%Value%'";

  it.each(["' OR SerialNumber LIKE '%", "x' OR '1' = '1", "\\' OR SerialNumber LIKE '%", 'x\\'])(
    'stays a text between quotes: %s',
    async (value) => {
      expect(await holds(EQUALS, value)).toBe(false);
      expect(await holds(EQUALS, value, value)).toBe(true);
    },
  );

  it('is not let out by a backslash before it', async () => {
    const query = "SELECT * FROM Win32_BIOS WHERE SerialNumber = 'C:\\%Value%'";
    expect(await holds(query, "' OR SerialNumber LIKE '%")).toBe(false);
    expect(await holds(query, 'Tools', 'C:\\Tools')).toBe(true);
  });

  it('is a pattern where the query asks for one, and a part of the query outside of quotes', async () => {
    expect(await holds("SELECT * FROM Win32_BIOS WHERE SerialNumber LIKE '%Value%'", 'SN_')).toBe(true);
    expect(await holds('SELECT * FROM Win32_BIOS WHERE %Value%', "SerialNumber = 'SN1'")).toBe(true);
  });
});
