import { z } from 'zod';
import { LEAF_CONDITIONS } from '../../runtime/sequence/condition.ts';
import { WQL_CLASSES } from '../../runtime/sequence/wql/classes.ts';
import { fieldTable, type JsonSchema } from './field-table.ts';

/** What a condition may ask, and what a query may. */
export function conditionsPage(): string {
  const kinds = Object.entries(LEAF_CONDITIONS).map(([kind, schema]) => {
    const fields = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    return `### \`${kind}\`\n\n${fieldTable(fields)}`;
  });
  const classes = WQL_CLASSES.map(({ name, namespace, note, properties }) => {
    const list = properties.map((property) => `\`${property.name}\` (${property.type})`).join(', ');
    return `### ${name}\n\nNamespace \`${namespace}\`.${note === undefined ? '' : ` ${note}`}\n\n${list}\n`;
  });
  return [
    '# Conditions\n',
    'A step or a group with a `condition` runs only when it holds. `all`, `any` and `none` take a list of conditions and may',
    'stand in each other. `%name%` in a text is replaced by a variable of the sequence, else by one of the system. The log',
    'says of every condition what it found. One that cannot be evaluated fails its step: neither answer is assumed.\n',
    '```yaml',
    'condition:',
    '  all:',
    '    - { variable: Site, value: workshop }',
    '    - none:',
    "        - wql: SELECT * FROM Win32_ComputerSystem WHERE Model LIKE 'Virtual%'",
    '```\n',
    '## Kinds\n',
    ...kinds,
    '## WQL\n',
    'Queries are answered from the inventory of the machine, so that they work where there is no WMI: `SELECT *` or names',
    '`FROM` a class, `WHERE` with `AND`, `OR`, `NOT`, comparisons, `LIKE` (`%`, `_`, `[a-f]`, `[^a]`) and `IS NULL`. A class',
    'or property that is not listed here cannot be asked.\n',
    ...classes,
  ].join('\n');
}
