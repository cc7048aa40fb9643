/** What the stand-in image says of its own age: the same on every machine, so that the same image comes out. */
export const IMAGE_TIME = new Date('2026-01-15T12:00:00Z');
