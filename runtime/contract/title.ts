import { z } from 'zod';

/** What a person calls a thing: one line, and nothing a boot menu would take for an option of its own. */
export const Title = z
  .string()
  .max(100)
  .regex(/^[^\s\p{C}-][^\p{C}]*$/u, 'a name is one line of text that does not begin with a space or a -');
