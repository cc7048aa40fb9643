import { readFile } from 'node:fs/promises';

/** The INF of the demo: a driver for amd64 that names no file. */
export const STAND_IN_DRIVER = await readFile(
  new URL('../../templates/examples/demo/drivers/stand-in/standin.inf', import.meta.url),
  'utf8',
);
