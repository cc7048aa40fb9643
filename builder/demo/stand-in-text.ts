/** What a stand-in says when it is started: ASCII, one line. */
export function standInText(program: string): string {
  return `MEDIASMITH STAND-IN: this is not Windows. ${program} was started from the deployed disk.`;
}
