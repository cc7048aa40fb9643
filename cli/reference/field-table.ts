/** The part of a JSON Schema that our own schemas use. */
export type JsonSchema = {
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  $ref?: string;
};

/** The fields of an object as a Markdown table, nested ones with a path. */
export function fieldTable(schema: JsonSchema): string {
  const rows = fieldRows(schema, '');
  if (rows.length === 0) return 'No options.\n';
  return `| field | type | default | |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function fieldRows({ properties = {}, required = [] }: JsonSchema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const fallback =
      field.default === undefined
        ? required.includes(name)
          ? 'required'
          : ''
        : `\`${JSON.stringify(field.default)}\``;
    const row = `| \`${path}\` | ${cell(typeOf(field))} | ${fallback} | ${cell(field.description ?? '')} |`;
    const inner =
      field.type === 'array' && field.items !== undefined
        ? fieldRows(field.items, `${path}[].`)
        : fieldRows(field, `${path}.`);
    return [row, ...inner];
  });
}

function typeOf(field: JsonSchema): string {
  if (field.const !== undefined) return `\`${String(field.const)}\``;
  if (field.enum !== undefined) return field.enum.map((value) => `\`${String(value)}\``).join(', ');
  const members = field.anyOf ?? field.oneOf;
  if (members !== undefined) return [...new Set(members.map(typeOf))].join(' or ');
  if (field.type === 'array') return `list of ${field.items === undefined ? 'anything' : typeOf(field.items)}`;
  return field.type === 'string' ? 'text' : (field.type ?? 'see the sequence');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
