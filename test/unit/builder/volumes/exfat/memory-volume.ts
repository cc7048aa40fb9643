import { regionWrites, withBootSector } from '../../../../../builder/volumes/exfat/boot-region.ts';
import { AT, setChecksum } from '../../../../../builder/volumes/exfat/entry-set.ts';
import { EXFAT } from '../../../../../builder/volumes/exfat/index.ts';
import { clusterOffset } from '../../../../../builder/volumes/shared/clusters.ts';
import type { OpenedVolume, VolumeFile, VolumePlan, Write } from '../../../../../builder/volumes/volume.ts';

export const TIME = Date.UTC(2026, 4, 17, 9, 41, 33) / 1000;
const OPTIONS = { label: 'MEDIUM', volumeId: '12ab34cd', time: TIME, hiddenSectors: 2048 };
const CLUSTER_BYTES = 4096;
const REGION_BYTES = 12 * 512;

/** A small volume in memory, and ways to spoil it. Content of files is zeros. */
export class MemoryVolume {
  readonly disk: Buffer;
  readonly plan: VolumePlan;

  constructor(files: readonly VolumeFile[], bytes = 1024 ** 2, options: Partial<typeof OPTIONS> = {}) {
    this.disk = Buffer.alloc(bytes);
    this.plan = EXFAT.format(files, { ...OPTIONS, ...options, bytes });
    this.apply(this.plan.prepare);
    this.apply(this.plan.commit);
  }

  open(): Promise<OpenedVolume> {
    return EXFAT.open(async (offset, bytes) => Buffer.from(this.disk.subarray(offset, offset + bytes)));
  }

  apply(writes: readonly Write[]): void {
    for (const { offset, data } of writes) this.disk.set(data, offset);
  }

  async update(changes: Partial<Parameters<OpenedVolume['update']>[0]>): Promise<VolumePlan> {
    const plan = (await this.open()).update({ remove: [], write: [], time: TIME, ...changes });
    for (const writes of [plan.prepare, plan.commit, plan.finish]) this.apply(writes);
    return plan;
  }

  /** Changes the boot sector, and the checksums that stand for it. */
  changeBoot(change: (sector: Buffer) => void): void {
    const sector = Buffer.from(this.disk.subarray(0, 512));
    change(sector);
    const main = Buffer.from(this.disk.subarray(0, REGION_BYTES));
    const backup = Buffer.from(this.disk.subarray(REGION_BYTES, 2 * REGION_BYTES));
    this.apply(regionWrites({ main, backup, counts: 'main' }, withBootSector(main, sector)));
  }

  /** Changes the entries of the file or folder of this name, and their checksum unless told not to. */
  changeSet(name: string, change: (set: Buffer) => void, mend = true): void {
    const start = this.setOffset(name);
    change(this.disk.subarray(start));
    if (!mend) return;
    const set = this.disk.subarray(start, start + ((this.disk[start + AT.secondaryCount] ?? 0) + 1) * 32);
    set.writeUInt16LE(setChecksum(set), AT.checksum);
  }

  setOffset(name: string): number {
    const wanted = Buffer.from(name, 'utf16le');
    for (let at = 0; at < this.disk.length; at += 32) {
      const found = this.disk[at] === 0x85 && this.disk[at + AT.nameLength] === name.length;
      if (
        found &&
        this.disk
          .subarray(at + AT.names + 2)
          .subarray(0, wanted.length)
          .equals(wanted)
      )
        return at;
    }
    throw new Error(`no ${name}`);
  }

  /** Where the root's entry of this type is. */
  rootEntry(type: number): number {
    const start = this.clusterAt(this.disk.readUInt32LE(96));
    for (let at = start; at < start + CLUSTER_BYTES; at += 32) if (this.disk[at] === type) return at;
    throw new Error(`no entry of type ${type}`);
  }

  firstCluster(name: string): number {
    return this.disk.readUInt32LE(this.setOffset(name) + AT.firstCluster);
  }

  clusterAt(cluster: number): number {
    return clusterOffset(cluster, { dataOffset: this.disk.readUInt32LE(88) * 512, clusterBytes: CLUSTER_BYTES });
  }

  /** Where the FAT has this cluster's entry. */
  fatAt(cluster: number): number {
    return this.disk.readUInt32LE(80) * 512 + cluster * 4;
  }

  mark(cluster: number, used: boolean): void {
    const at = this.clusterAt(this.disk.readUInt32LE(this.rootEntry(0x81) + 20)) + ((cluster - 2) >> 3);
    const bit = 1 << ((cluster - 2) & 7);
    this.disk[at] = used ? (this.disk[at] ?? 0) | bit : (this.disk[at] ?? 0) & ~bit;
  }

  isMarked(cluster: number): boolean {
    const at = this.clusterAt(this.disk.readUInt32LE(this.rootEntry(0x81) + 20)) + ((cluster - 2) >> 3);
    return (((this.disk[at] ?? 0) >> ((cluster - 2) & 7)) & 1) === 1;
  }
}
