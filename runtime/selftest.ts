export async function selftest(_json: boolean, _print: (text: string) => void): Promise<number> {
  throw new Error('not here yet');
}
