/** The largest file of FAT32: one byte under 4 GiB. */
export const FAT32_FILE_BYTES = 4 * 1024 ** 3 - 1;
