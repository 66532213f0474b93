// Where a surface is looked at from, and where a place of its block falls on the screen: numbers only, so that the
// WebGL picture and the ink above it share one projection.

/** Degrees, and a distance of which 1 shows the whole block. */
export interface Camera {
  /** 0 looks along b with a to the right, as on the map; 90 stands on the side of large a. */
  azimuth: number;
  /** 90 would look straight down. */
  elevation: number;
  distance: number;
}

export const FIRST_CAMERA: Camera = { azimuth: 28, elevation: 42, distance: 1 };

/** The block stands on −1…1 in x (along a) and z (against b); y is up. */
export const BLOCK_HEIGHT = 0.8;
/** How far the block reaches below height 0, in heights. */
export const BLOCK_BASE = 0.05;

/** Camera distance, in half block widths, at which the perspective is made. */
const REACH = 6.5;
const [LOWEST, HIGHEST] = [8, 85];
const [NEAREST, FARTHEST] = [0.3, 2];

export function clampCamera({ azimuth, elevation, distance }: Camera): Camera {
  return {
    azimuth: ((((azimuth + 180) % 360) + 360) % 360) - 180,
    elevation: Math.min(HIGHEST, Math.max(LOWEST, elevation)),
    distance: Math.min(FARTHEST, Math.max(NEAREST, distance)),
  };
}

/** After a drag by pixels: the front of the block follows the pointer. */
export function dragged(camera: Camera, dx: number, dy: number, width: number): Camera {
  const degrees = 200 / Math.max(1, width);
  return clampCamera({
    ...camera,
    azimuth: camera.azimuth - dx * degrees,
    elevation: camera.elevation + dy * degrees,
  });
}

/** A factor above 1 comes nearer. */
export function zoomed(camera: Camera, factor: number): Camera {
  return clampCamera({ ...camera, distance: camera.distance / factor });
}

/** A turn of the wheel; a mouse's notch and a touchpad's trickle are both kept gentle. */
export function wheeled(camera: Camera, deltaY: number): Camera {
  return zoomed(camera, Math.exp(-Math.max(-100, Math.min(100, deltaY)) * 0.002));
}

const TURN = 7.5;

/** What a key makes of the view; undefined for keys that are not ours. */
export function keyed(camera: Camera, key: string): Camera | undefined {
  const { azimuth, elevation } = camera;
  switch (key) {
    case "ArrowLeft":
      return clampCamera({ ...camera, azimuth: azimuth - TURN });
    case "ArrowRight":
      return clampCamera({ ...camera, azimuth: azimuth + TURN });
    case "ArrowUp":
      return clampCamera({ ...camera, elevation: elevation + TURN });
    case "ArrowDown":
      return clampCamera({ ...camera, elevation: elevation - TURN });
    case "+":
    case "=":
      return zoomed(camera, 1.15);
    case "-":
      return zoomed(camera, 1 / 1.15);
    case "0":
      return FIRST_CAMERA;
    default:
      return undefined;
  }
}

export type Vector = readonly [number, number, number];

/** A camera at a canvas. */
export interface Sight {
  width: number;
  height: number;
  /** From the block to clip space, column after column as WebGL has it. */
  matrix: Float64Array;
  eye: Vector;
  /** Towards the light, which goes with the camera: shape shows from every side. */
  light: Vector;
}

/** What the axes need beside the block. */
export const MARGIN = { left: 60, right: 16, top: 8, bottom: 24 } as const;

export function sightOf({ azimuth, elevation, distance }: Camera, width: number, height: number): Sight {
  const [az, el] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
  const [sinA, cosA, sinE, cosE] = [Math.sin(az), Math.cos(az), Math.sin(el), Math.cos(el)];
  const right: Vector = [cosA, 0, -sinA];
  const back: Vector = [sinA * cosE, sinE, cosA * cosE];
  const up: Vector = [-sinA * sinE, cosE, -cosA * sinE];
  const far = REACH * distance;
  const middle = ((1 - BLOCK_BASE) / 2) * BLOCK_HEIGHT;
  const eye: Vector = [back[0] * far, middle + back[1] * far, back[2] * far];

  // The block fits at any azimuth, so that turning it does not make it swell: its diagonal fits the breadth, and its
  // height is that with a corner in front.
  const inner = {
    width: Math.max(1, width - MARGIN.left - MARGIN.right),
    height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
  };
  const upright = (ground: number, y: number) =>
    ((y - middle) * cosE - ground * sinE) / (1 - (ground * cosE + (y - middle) * sinE) / REACH);
  const corners = [Math.SQRT2, -Math.SQRT2].flatMap((ground) => [
    upright(ground, -BLOCK_BASE * BLOCK_HEIGHT),
    upright(ground, BLOCK_HEIGHT),
  ]);
  const [bottom, top] = [Math.min(...corners), Math.max(...corners)];
  const unit = Math.min(inner.width / 2.95, inner.height / (top - bottom));
  const focal = REACH * unit;
  const x = MARGIN.left + inner.width / 2;
  const y = MARGIN.top + inner.height / 2 + ((top + bottom) / 2) * unit;

  const [near, beyond] = [Math.max(0.05, far - 3), far + 3];
  // Each row is a direction from the eye; depth is the way against `back`.
  const row = (along: Vector, factor: number, shift: number, constant = 0): number[] => {
    const values = along.map((part, i) => factor * part + shift * back[i]!);
    return [...values, constant - values.reduce((sum, value, i) => sum + value * eye[i]!, 0)];
  };
  const rows = [
    row(right, (2 * focal) / width, 1 - (2 * x) / width),
    row(up, (2 * focal) / height, (2 * y) / height - 1),
    row(back, -(beyond + near) / (beyond - near), 0, (-2 * beyond * near) / (beyond - near)),
    row(back, -1, 0),
  ];
  const matrix = new Float64Array(16);
  rows.forEach((values, r) => values.forEach((value, c) => (matrix[4 * c + r] = value)));
  return { width, height, matrix, eye, light: lightOf(right, back) };
}

function lightOf(right: Vector, back: Vector): Vector {
  const flat = Math.hypot(back[0], back[2]) || 1;
  const light = [
    -0.62 * right[0] + (0.3 * back[0]) / flat,
    0.78,
    -0.62 * right[2] + (0.3 * back[2]) / flat,
  ] as const;
  const length = Math.hypot(...light);
  return [light[0] / length, light[1] / length, light[2] / length];
}

/** Screen position, in units of the picture, of a point of the block. */
export function toScreen(
  { matrix: m, width, height }: Sight,
  x: number,
  y: number,
  z: number,
): [number, number] {
  const w = m[3]! * x + m[7]! * y + m[11]! * z + m[15]!;
  const clipX = m[0]! * x + m[4]! * y + m[8]! * z + m[12]!;
  const clipY = m[1]! * x + m[5]! * y + m[9]! * z + m[13]!;
  return [(0.5 + clipX / w / 2) * width, (0.5 - clipY / w / 2) * height];
}
