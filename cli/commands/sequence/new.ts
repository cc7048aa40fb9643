import { listTemplates, type NeededContent, newSequence, type Template } from '../../../builder/templates.ts';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { CommandResult } from '../../session.ts';

export type SequenceNewOptions = { out?: string; set?: readonly string[]; list?: boolean };

/** Writes a sequence of one's own from a template, or lists the templates with their parameters. */
export async function sequenceNew(template: string | undefined, options: SequenceNewOptions): Promise<CommandResult> {
  if (options.list === true) {
    const templates = await listTemplates();
    return { document: { templates }, text: templates.map(describeTemplate).join('\n') };
  }
  const { out } = options;
  if (template === undefined || out === undefined) {
    throw new MediasmithError('USAGE', 'a template and --out with the file to write are needed', {
      hint: '"mediasmith sequence new --list" lists the templates.',
    });
  }
  const { sequence, needs } = await newSequence(template, { out, values: parameterValues(options.set ?? []) });
  return {
    document: { file: out, template, id: sequence.id, name: sequence.name, needs },
    text: [`${out}: ${sequence.name}\n`, ...describeNeeds(needs)].join(''),
  };
}

function parameterValues(texts: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals <= 0) {
      throw new MediasmithError('USAGE', `--set ${text}: a name, =, and a value are needed`, {
        hint: 'Write --set "name=value". "mediasmith sequence new --list" lists the names.',
      });
    }
    const name = text.slice(0, equals);
    if (values.has(name)) {
      throw new MediasmithError('USAGE', `--set ${text}: "${name}" is given twice`, { hint: 'Give each name once.' });
    }
    values.set(name, text.slice(equals + 1));
  }
  return values;
}

function describeTemplate({ name, title, description, parameters }: Template): string {
  const width = Math.max(0, ...parameters.map((parameter) => parameter.name.length));
  const lines = parameters.map(
    (parameter) => `    ${parameter.name.padEnd(width)}  ${parameter.description} (${parameter.default})\n`,
  );
  return `${name}: ${title}\n  ${description}\n${lines.join('')}`;
}

const KINDS: Record<keyof NeededContent, string> = {
  images: 'images',
  packages: 'packages',
  applications: 'applications',
  upgradePackages: 'upgrade packages',
};

function describeNeeds(needs: NeededContent): string[] {
  const kinds = (Object.keys(KINDS) as (keyof NeededContent)[]).filter((kind) => needs[kind].length > 0);
  if (kinds.length === 0) return [];
  return ['It takes from media.yaml:\n', ...kinds.map((kind) => `  ${KINDS[kind]}: ${needs[kind].join(', ')}\n`)];
}
