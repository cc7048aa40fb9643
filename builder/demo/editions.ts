/** An image of the stand-in's WIM: its name there and Windows' identifier of the edition. */
export type Edition = { name: string; id: string };

export const EDITIONS: readonly [Edition, Edition] = [
  { name: 'Stand-in Pro', id: 'Professional' },
  { name: 'Stand-in Home', id: 'Core' },
];
