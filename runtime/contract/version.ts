/** The version of the runtime and of the builder, which are released together. A test holds it against package.json. */
export const VERSION = '0.1.0';
