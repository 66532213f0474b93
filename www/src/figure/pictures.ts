// The parts of a figure, filled with the state of its run.
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { ceilingOf } from "../draw/landscape";
import { formatCount, formatValue } from "../draw/scale";
import { depthOf, widthOf, type Experiment } from "../engine/types";
import { capital, measureName, measureOf } from "../measure";
import { entryNames } from "../plane-name";
import { alike, layersTitle, twinNames, type TwinName } from "../twin-names";
import { word } from "../words";
import type { Part } from "./parts";
import type { FigureState } from "./run";

/** Parts that each network has one of. */
const PER_TWIN: readonly Part[] = ["landscapes", "decision", "hidden", "spectra", "layers"];

/** Letters that a number has at most, such as 1.23·10⁻⁴. */
const NUMBER = 10;

/** How many pieces a figure is shown in at most, one after another. */
export const PIECES = 4;

/**
 * What a figure shows of a run: of its pieces the first few, so that a slow computer need not make all at once. `eager`:
 * random networks are sampled by themselves.
 */
export function pictures(state: FigureState, parts: ReadonlySet<Part>, eager: boolean, pieces: number) {
  const experiment = state.experiment!;
  const names = twinNames(experiment.twins);
  const twins = PER_TWIN.some((part) => parts.has(part)) ? names : [];
  return html`<div class="parts">
    ${twins.map((name, i) => (i < pieces ? twin(state, parts, experiment, name, i) : nothing))}
    ${twins.length < pieces ? charts(state, parts, experiment, names) : nothing}
    ${twins.length + 1 < pieces ? theorems(state, parts, experiment, names, eager) : nothing}
  </div>`;
}

function twin(
  state: FigureState,
  parts: ReadonlySet<Part>,
  experiment: Experiment,
  { name, colour }: TwinName,
  i: number,
) {
  const frame = state.frame!.twins[i];
  const spec = experiment.twins[i]!;
  const classifier = experiment.network.kind === "relu";
  const measure = measureOf(experiment.network);
  const landscape = state.landscapes[i];
  const title = alike(experiment) ? capital(name) : layersTitle(spec, classifier);
  return html`<div class="twin ${colour}" role="group" aria-label=${word("figure.network", { name })}>
    <header>
      <strong>${title}</strong>
      <span style="--letters: ${measureName(measure).length + NUMBER}"
        >${
          frame?.status === "diverged"
            ? html`<span class="diverged"
                >${word("figure.divergedAt", { step: formatCount(frame.divergedAt ?? 0) })}</span
              >`
            : `${measureName(measure)} ${formatValue(frame?.excess)}`
        }</span
      >
    </header>
    ${
      parts.has("landscapes")
        ? html`<lab-landscape
            .plain=${true}
            .landscape=${landscape}
            .index=${i}
            .axes=${guard([landscape?.spec, experiment], () => landscape && entryNames(landscape.spec, experiment.network, spec.parametrization))}
            .point=${frame?.point}
            .risk=${frame?.excess}
            .measure=${measure}
            .ceiling=${ceilingOf(frame)}
            .twin=${colour}
            .name=${name}
          ></lab-landscape>`
        : nothing
    }
    ${
      parts.has("decision") && classifier
        ? html`<lab-decision
            .picture=${state.classifiers[i]?.decision}
            .points=${state.points}
            .range=${state.range}
            .name=${name}
          ></lab-decision>`
        : nothing
    }
    ${
      parts.has("hidden") && classifier
        ? html`<lab-hidden
            .followed=${state.classifiers[i]?.hidden}
            .labels=${state.points?.labels}
            .name=${name}
          ></lab-hidden>`
        : nothing
    }
    ${
      parts.has("spectra")
        ? html`<lab-spectrum .spectra=${state.spectra[i]} .twin=${colour}></lab-spectrum>`
        : nothing
    }
    ${
      parts.has("layers") && !classifier
        ? html`<lab-matrices
            .parameters=${state.parameters[i]}
            .width=${widthOf(experiment.network)}
            .parametrization=${spec.parametrization}
          ></lab-matrices>`
        : nothing
    }
  </div>`;
}

function charts(
  state: FigureState,
  parts: ReadonlySet<Part>,
  experiment: Experiment,
  names: readonly TwinName[],
) {
  const chart = (heading: string, pick: "excess" | "gradientNorm") =>
    html`<lab-chart
      plain
      .heading=${heading}
      .series=${guard([state.charted, pick], () =>
        (state.charted?.twins ?? []).map(({ history }, i) => ({
          name: names[i]!.name,
          twin: names[i]!.colour,
          steps: history.steps,
          values: history[pick],
        })),
      )}
    ></lab-chart>`;
  return html`${parts.has("chart") ? chart(capital(measureName(measureOf(experiment.network))), "excess") : nothing}
  ${parts.has("gradient") ? chart(word("figure.gradientNorm"), "gradientNorm") : nothing}`;
}

function theorems(
  state: FigureState,
  parts: ReadonlySet<Part>,
  experiment: Experiment,
  names: readonly TwinName[],
  eager: boolean,
) {
  const layers = depthOf(experiment.network);
  const target = state.spectra[0]?.target;
  return html`${
    parts.has("near")
      ? html`<lab-theorem-near
          plain
          .bounds=${state.bounds}
          .refused=${state.refused}
          .layers=${layers}
          .width=${experiment.network.width}
          .walkable=${false}
          .sigmaMin=${target?.[target.length - 1] ?? 0}
          .names=${names}
        ></lab-theorem-near>`
      : nothing
  }
  ${
    parts.has("certificate")
      ? html`<lab-theorem-run
          plain
          .certificates=${state.certificates}
          .twins=${experiment.twins}
        ></lab-theorem-run>`
      : nothing
  }
  ${
    parts.has("ball")
      ? html`<lab-theorem-ball
          plain
          .eager=${eager}
          .ball=${state.ball}
          .sampling=${state.sampling}
          .layers=${layers}
          .bounds=${state.bounds}
        ></lab-theorem-ball>`
      : nothing
  }
  ${
    parts.has("eigenvalues")
      ? html`<lab-theorem-paths
          plain
          .spectra=${state.spectra}
          .names=${names}
          .run=${state.run}
        ></lab-theorem-paths>`
      : nothing
  }`;
}
