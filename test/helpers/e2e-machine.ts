export const GIB = 1024 ** 3;

/** The least a machine of these tests has; little, so that a boot environment that grows is noticed. */
export const MEMORY_MIB = 768;
