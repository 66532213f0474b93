// Maps as the page trains them: through the public API, with its own workers.
import { trainAtlas, type AtlasSpec } from "../src/engine/atlas";

export interface MapTimes {
  /** What varied, and at each value network-steps a second and multiply-adds a second, all workers together. */
  rows: { what: string; networks: number; milliseconds: number; steps: number; multiplyAdds: number }[];
}

const STEPS = 200;

/** Learning rate against start scale, both small: no run diverges, and every cell does all its steps. */
function spec(side: number, width: number, layers: number): AtlasSpec {
  return {
    experiment: {
      network: { kind: "linear", width, layers },
      twins: [
        { parametrization: "identity", start: { kind: "nearIdentity", scale: 1 } },
        { parametrization: "standard", start: { kind: "orthogonal", scale: 1 } },
      ],
    },
    x: { quantity: "learningRate", scale: "log", low: 1e-6, high: 1e-4 },
    y: { quantity: "startScale", scale: "linear", low: 0.5, high: 1 },
    columns: side,
    rows: side,
    budget: { steps: STEPS, threshold: 1e-6, stopAtThreshold: false },
  };
}

export async function measureMaps(quick: boolean): Promise<MapTimes> {
  const shapes: [string, number, number, number][] = [
    ["16 × 16 networks", 16, 8, 16],
    ["64 × 64", 64, 8, 16],
    ...(quick ? [] : ([["128 × 128", 128, 8, 16]] as [string, number, number, number][])),
    ["depth 4", 64, 8, 4],
    ["depth 64", 32, 8, 64],
    ["width 4", 64, 4, 16],
    ["width 16", 32, 16, 16],
  ];
  const rows: MapTimes["rows"] = [];
  for (const [what, side, width, layers] of shapes) {
    const map = (await trainAtlas(spec(side, width, layers)))!;
    const seconds = map.milliseconds / 1000;
    rows.push({
      what,
      networks: map.networks,
      milliseconds: map.milliseconds,
      steps: map.networkSteps / seconds,
      multiplyAdds: (map.networkSteps * 3 * layers * width ** 3) / seconds,
    });
  }
  return { rows };
}
