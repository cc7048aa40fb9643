import { readMediumContent } from './medium-content.ts';
import { refuseOwnSource, type StickContext, type StickTarget, type WrittenStick, workOnSticks } from './sticks.ts';
import { planUpdate, updateStick } from './update-stick.ts';

/**
 * Brings sticks up to a medium by writing what differs. All of them are planned before the first is touched; the layout of
 * each stays as it is.
 */
export async function updateSticks(
  medium: string,
  targets: readonly StickTarget[],
  context: StickContext,
): Promise<WrittenStick[]> {
  const content = await readMediumContent(medium, context);
  await refuseOwnSource(content, targets);
  const works = [];
  for (const target of targets) {
    const update = await planUpdate(target, content);
    works.push({
      bytes: update.bytes,
      run: (task: Parameters<typeof updateStick>[2]) => updateStick(update, target.handle, task),
    });
  }
  return workOnSticks(targets, works, context);
}
