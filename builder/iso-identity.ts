/** What makes a medium findable and repeatable: the same identity and the same content give the same bytes. */
export type MediumIdentity = {
  /** `YYYYMMDDhhmmsscc`, 16 digits in UTC: the volume's creation time, which Linux and GRUB use as its UUID. */
  uuid: string;
  /** The GUID of the GPT disk, as 8-4-4-4-12 hexadecimal digits. */
  gptGuid: string;
};

/** The UUID as GRUB's `search --fs-uuid` and blkid write it: `2026-11-20-12-00-00-00`. */
export function isoUuid({ uuid }: MediumIdentity): string {
  return [uuid.slice(0, 4), ...(uuid.slice(4).match(/../g) ?? [])].join('-');
}

/** The moment the UUID names, in seconds since 1970. */
export function identityTime({ uuid }: MediumIdentity): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = [
    uuid.slice(0, 4),
    ...(uuid.slice(4, 14).match(/../g) ?? []),
  ].map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

/** Eight hexadecimal digits out of the UUID, for the FAT volume inside. */
export function fatVolumeId({ uuid }: MediumIdentity): string {
  return uuid.slice(4, 12);
}
