const HEADER_SIZE = 20;

/** The content of the one `sk` cell of a hive: it is alone in its ring, so it follows and precedes itself. */
export function securityCell(descriptor: Uint8Array, offset: number, references: number): Uint8Array {
  const cell = new Uint8Array(HEADER_SIZE + descriptor.length);
  const view = new DataView(cell.buffer);
  cell.set(Buffer.from('sk', 'latin1'));
  view.setUint32(4, offset, true);
  view.setUint32(8, offset, true);
  view.setUint32(12, references, true);
  view.setUint32(16, descriptor.length, true);
  cell.set(descriptor, HEADER_SIZE);
  return cell;
}
