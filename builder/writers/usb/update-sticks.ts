import { isMediasmithError } from '../../../runtime/contract/errors.ts';
import { type MediumContent, readMediumContent } from './medium-content.ts';
import {
  ofStick,
  refuseOwnSource,
  type StickContext,
  type StickTarget,
  type StickWork,
  type WrittenStick,
  workOnSticks,
} from './sticks.ts';
import { planUpdate, type StickUpdate, updateStick } from './update-stick.ts';
import { verifyStick } from './verify-stick.ts';

/** `verify`: read everything afterwards, also what stays as it is. */
export type UpdateOptions = { verify?: boolean | undefined };

/**
 * Brings sticks up to a medium by writing what differs. All of them are planned before the first is touched; the layout of
 * each stays as it is. What both manifests call the same is not read, unless that is asked for: then `MEDIUM_CORRUPT` names
 * what is damaged.
 */
export async function updateSticks(
  medium: string,
  targets: readonly StickTarget[],
  context: StickContext,
  { verify = false }: UpdateOptions = {},
): Promise<WrittenStick[]> {
  const content = await readMediumContent(medium, context);
  await refuseOwnSource(content, targets);
  const updates: StickUpdate[] = [];
  for (const target of targets) updates.push(await plannedUpdate(target, content));
  const works = targets.map((target, index) => workOn(target, updates[index], { content, verify, context }));
  const written = await workOnSticks(targets, works, context);
  return written.map((stick, index) => {
    const notRead = verify ? { files: 0, bytes: 0 } : updates[index]?.same;
    return { ...stick, ...(notRead !== undefined && { notRead }) };
  });
}

async function plannedUpdate(target: StickTarget, content: MediumContent): Promise<StickUpdate> {
  try {
    return await planUpdate(target, content);
  } catch (error) {
    throw isMediasmithError(error) && error.code === 'NO_SPACE' ? ofStick(target, error) : error;
  }
}

type Work = { content: MediumContent; verify: boolean; context: StickContext };

function workOn(
  { device, handle }: StickTarget,
  update: StickUpdate | undefined,
  { content, verify, context }: Work,
): StickWork {
  if (update === undefined) throw new Error('a stick without a plan');
  const { bytes } = update;
  if (!verify) return { bytes, run: (task) => updateStick(update, handle, task) };
  const readBytes = content.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    ...{ bytes, readBytes },
    run: async (task) => {
      await updateStick(update, handle, task);
      await verifyStick(device, task, context);
    },
  };
}
