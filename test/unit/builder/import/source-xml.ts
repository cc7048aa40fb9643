/** Small documents as ConfigMgr and MDT write them. */

export type StepXml = {
  type?: string;
  name?: string;
  attributes?: Record<string, string>;
  action?: string;
  variables?: Record<string, string>;
  condition?: string;
  tag?: string;
};

export function stepXml({
  type,
  name = 'A step',
  attributes = {},
  action,
  variables = {},
  condition = '',
  tag = 'step',
}: StepXml): string {
  const written = Object.entries({ ...(type !== undefined && { type }), name, description: '', ...attributes });
  const list = Object.entries(variables).map(
    ([key, value]) => `<variable name="${key}" property="${key}">${escapeXml(value)}</variable>`,
  );
  return [
    `<${tag} ${written.map(([key, value]) => `${key}="${escapeXml(value)}"`).join(' ')}>`,
    condition,
    action === undefined ? '' : `<action>${escapeXml(action)}</action>`,
    `<defaultVarList>${list.join('')}</defaultVarList>`,
    `</${tag}>`,
  ].join('');
}

export function sequenceXml(...entries: string[]): string {
  return `<sequence version="3.10" name="A sequence">${entries.join('')}</sequence>`;
}

export function groupXml(name: string, ...inside: string[]): string {
  return `<group name="${name}" description="">${inside.join('')}</group>`;
}

export function expressionXml(kind: string, fields: Record<string, string>): string {
  const list = Object.entries(fields).map(([key, value]) => `<variable name="${key}">${escapeXml(value)}</variable>`);
  return `<expression type="SMS_TaskSequence_${kind}ConditionExpression">${list.join('')}</expression>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
