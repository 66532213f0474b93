// The settings of a run on images as people type them.
import type { ImageExperiment, ImageNetwork, ImageTraining } from "./engine/images";

/** Every setting as text, by the path of its field in the experiment; switches are "true" and "false". */
export type ImagesForm = Record<ImageFieldName, string>;

export type ImageFieldName = "seed" | `network.${keyof ImageNetwork}` | `training.${keyof ImageTraining}`;

export function formOf({ seed, network, training }: ImageExperiment): ImagesForm {
  return {
    seed: String(seed),
    "network.stem": String(network.stem),
    "network.stages": stagesText(network),
    "network.skips": String(network.skips),
    "network.batchNorm": String(network.batchNorm),
    "network.trainTop": String(network.trainTop),
    "network.start": network.start,
    "training.batch": String(training.batch),
    "training.learningRate": String(training.learningRate),
    "training.drops": training.drops.join(", "),
    "training.dropFactor": String(training.dropFactor),
    "training.momentum": String(training.momentum),
    "training.weightDecay": String(training.weightDecay),
    "training.crop": String(training.crop),
    "training.flip": String(training.flip),
    "training.standardize": String(training.standardize),
    "training.steps": String(training.steps),
  };
}

/** The experiment as typed; what is no number stays text, for the crate to refuse by name. */
export function experimentOf(form: ImagesForm): unknown {
  const experiment: Record<string, unknown> = { version: 1, network: {}, training: {} };
  for (const [path, text] of Object.entries(form)) {
    const [part, name] = path.split(".") as [string, string | undefined];
    const value =
      path === "network.stages"
        ? stagesFrom(text)
        : path === "training.drops"
          ? dropsFrom(text)
          : scalar(text);
    if (name === undefined) experiment[part] = value;
    else (experiment[part] as Record<string, unknown>)[name] = value;
  }
  return experiment;
}

/** What of a run can change while it goes on. */
export type Adjustment = Pick<ImageTraining, "learningRate" | "steps">;

/** How a run becomes one with the wanted settings, if that takes no new run. */
export function adjustment(run: ImageExperiment, wanted: ImageExperiment): Adjustment | undefined {
  const { learningRate, steps } = wanted.training;
  const adjusted: ImageExperiment = { ...run, training: { ...run.training, learningRate, steps } };
  return sameForm(formOf(adjusted), formOf(wanted)) ? { learningRate, steps } : undefined;
}

/** Whether all settings are the same. */
export function sameForm(a: ImagesForm, b: ImagesForm): boolean {
  return (Object.keys(a) as ImageFieldName[]).every((name) => a[name] === b[name]);
}

/** 16 × 2, 32 × 2: filters and blocks of each stage. */
export function stagesText({ stages }: Pick<ImageNetwork, "stages">): string {
  return stages.map(({ filters, blocks }) => `${filters} × ${blocks}`).join(", ");
}

function stagesFrom(text: string): unknown {
  return split(text).map((stage) => {
    const [filters, blocks, ...rest] = stage.split(/[×x*]/i).map(scalar);
    return blocks === undefined || rest.length > 0 ? stage : { filters, blocks };
  });
}

function dropsFrom(text: string): unknown {
  return split(text).map(scalar);
}

function split(text: string): string[] {
  return text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter(Boolean);
}

function scalar(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}
