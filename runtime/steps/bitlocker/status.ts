/**
 * How much of a drive is encrypted, from 0 to 100, as `manage-bde -status` prints it. Its words are those of Windows'
 * language: what is looked for is the one line whose value is a percentage. Undefined where there is none. Pure.
 */
export function encryptedPercent(output: string): number | undefined {
  for (const line of output.split(/\r?\n/)) {
    const [, before, after] = /[:：]\s*(?:(\d[\d.,]*)\s*%|%\s*(\d[\d.,]*))\s*$/u.exec(line) ?? [];
    const figure = before ?? after;
    if (figure !== undefined) return Number.parseFloat(figure.replace(',', '.'));
  }
  return undefined;
}

/** The ids of the protectors that manage-bde has listed. Pure. */
export function protectorIds(output: string): string[] {
  return [...new Set(output.match(/\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}/gi) ?? [])];
}

/** Hides what opens an encrypted drive: 48 digits in eight groups. Pure. */
export function withoutRecoveryPasswords(text: string): string {
  return text.replace(/\b\d{6}(-\d{6}){7}\b/g, '********');
}
