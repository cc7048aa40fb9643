import { join } from 'node:path';
import type { Machine } from '../../contract/machine.ts';
import { listEntries, readAttribute } from './sysfs.ts';

type Supply = {
  name: string;
  type: string;
  online: string;
  status: string;
  scope: string;
  model: string;
  capacity: string;
};

/** Whether the machine draws from its battery now. */
export async function isOnBattery(sys: string): Promise<boolean> {
  const supplies = await readSupplies(sys);
  if (supplies.some(({ type, online }) => type === 'Mains' && online === '1')) return false;
  return supplies.some((supply) => isBattery(supply) && supply.status === 'Discharging');
}

/** The machine's batteries; the charge is 0 where it is not known. */
export async function readBatteries(sys: string): Promise<Machine['batteries']> {
  const supplies = (await readSupplies(sys)).filter(isBattery);
  return supplies.map(({ name, model, capacity }) => ({ name: model || name, chargePercent: Number(capacity) || 0 }));
}

/** A battery of scope Device is a mouse's or a keyboard's. */
function isBattery({ type, scope }: Supply): boolean {
  return type === 'Battery' && scope !== 'Device';
}

async function readSupplies(sys: string): Promise<Supply[]> {
  const folder = join(sys, 'class/power_supply');
  return Promise.all(
    (await listEntries(folder)).map(async (name) => {
      const of = (attribute: string) => readAttribute(folder, name, attribute);
      return {
        name,
        type: await of('type'),
        online: await of('online'),
        status: await of('status'),
        scope: await of('scope'),
        model: await of('model_name'),
        capacity: await of('capacity'),
      };
    }),
  );
}
