import { MediasmithError } from '../../contract/errors.ts';
import type { ManifestApplication } from '../../contract/manifest.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { runCommand } from '../command.ts';
import { withPackage } from '../content.ts';
import type { Run, StepContext } from '../context.ts';
import { eachOf } from '../each-of.ts';
import { numberedVariables } from '../numbered-variables.ts';
import { installedApplications, rememberInstalled } from './installed.ts';

const DIGITS = 2;
const STATUS = '_TSAppInstallStatus';

/**
 * An application is installed once in a run, whichever step or dependency names it again. A restart that one of several
 * asks for comes after the last. With `continueOnFailure` the step succeeds whatever fails, and `_TSAppInstallStatus`
 * tells; what depends on an application that has failed is not tried.
 */
export const runInstallApplication: Run<StepOptions<'install-application'>> = async (options, context) => {
  const { applications, baseVariable, continueOnFailure } = options;
  const wanted = applications ?? numberedVariables(context.variables, baseVariable ?? '', DIGITS);
  if (wanted.length === 0) context.log('info', `${baseVariable}01 is not set: there is nothing to install`);
  context.variables.set(STATUS, 'Error');
  const broken = new Map<string, unknown>();
  const failed = await eachOf(wanted, { continueOnFailure, name: (name) => name }, context, (name) =>
    installWithDependencies(name, broken, context),
  );
  if (failed.size === 0) context.variables.set(STATUS, 'Success');
};

/** `broken`: what has failed in this step, by itself or for another. It is not tried again for the next that needs it. */
async function installWithDependencies(
  name: string,
  broken: Map<string, unknown>,
  context: StepContext,
): Promise<void> {
  const application = applicationNamed(context, name);
  for (const dependency of application.dependsOn) {
    try {
      await installUnlessBroken(applicationNamed(context, dependency), broken, context);
    } catch (error) {
      if (context.signal.aborted) throw error;
      throw new MediasmithError('STEP_FAILED', `${name} needs ${dependency}, which could not be installed`, {
        lines: [error instanceof Error ? error.message : String(error)],
        cause: error,
      });
    }
  }
  await installUnlessBroken(application, broken, context);
}

async function installUnlessBroken(
  application: ManifestApplication,
  broken: Map<string, unknown>,
  context: StepContext,
): Promise<void> {
  const { name } = application;
  if (broken.has(name)) throw broken.get(name);
  try {
    await installOnce(application, context);
  } catch (error) {
    broken.set(name, error);
    throw error;
  }
}

async function installOnce(application: ManifestApplication, context: StepContext): Promise<void> {
  const { name, command, successCodes } = application;
  if (installedApplications(context.variables).has(name)) {
    context.log('info', `${name} has been installed in this run already`);
    return;
  }
  context.log('info', `installing ${name}`);
  await withRetries(name, context, () =>
    withPackage(context, application.package, async (folder) => {
      await runCommand({ command, folder, successCodes }, context);
    }),
  );
  rememberInstalled(name, context.variables);
  // On the disk now: a cut while the next is installed has the step tried again.
  await context.keepState();
}

const RETRY_MILLISECONDS = 30_000;

/** ConfigMgr's variables say how often and after how many milliseconds. */
async function withRetries(name: string, context: StepContext, install: () => Promise<void>): Promise<void> {
  const retries = numberIn('OSDAppInstallRetries', context) ?? 0;
  const seconds = (numberIn('OSDAppInstallRetryTimeout', context) ?? RETRY_MILLISECONDS) / 1000;
  for (let retry = 0; ; retry++) {
    try {
      return await install();
    } catch (error) {
      if (retry >= retries || context.signal.aborted) throw error;
      context.log('warning', `${name}: ${error instanceof Error ? error.message : error}; again in ${seconds} s`);
      await context.wait(seconds);
    }
  }
}

function numberIn(variable: string, { variables }: StepContext): number | undefined {
  const value = variables.get(variable);
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}

function applicationNamed({ medium }: StepContext, name: string): ManifestApplication {
  const known = medium.manifest.applications;
  const application = known.find((candidate) => candidate.name === name);
  if (application !== undefined) return application;
  throw new MediasmithError('IMAGE_NOT_FOUND', `the medium has no application named "${name}"`, {
    hint: `It has: ${known.map((each) => each.name).join(', ') || 'none'}.`,
  });
}
