import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../docs/reference/', import.meta.url);

/** The comment by which editors find the schema of a document in `folder`. */
export function schemaLine(folder: string, document: 'media' | 'sequence'): string {
  return `# yaml-language-server: $schema=${schemaPath(folder, document)}`;
}

/** A sequence that moves into `folder`, with its schema found from there. */
export function withSchemaFrom(folder: string, sequence: string): string {
  return sequence.replace(/(?<=^# yaml-language-server: \$schema=).*$/m, () => schemaPath(folder, 'sequence'));
}

function schemaPath(folder: string, document: 'media' | 'sequence'): string {
  return relative(folder, fileURLToPath(new URL(`${document}.schema.json`, FOLDER)));
}
