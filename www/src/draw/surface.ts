// The surface of a landscape as a solid block, in WebGL. The only file that needs three: it is loaded when a person
// first asks for the view.
import {
  BufferAttribute,
  BufferGeometry,
  Camera as SceneCamera,
  DataTexture,
  DoubleSide,
  DynamicDrawUsage,
  LinearFilter,
  Mesh,
  Scene,
  ShaderMaterial,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { BLOCK_BASE, BLOCK_HEIGHT, type Sight } from "./camera";
import { rgb, sequentialPixel } from "./color";
import type { Relief } from "./surface-height";

// Per vertex: x and z in the block with 1 between for the surface, 0 for a wall; then height with the normal's x and z.
const VERTEX = `
attribute vec3 relief;
uniform vec3 light;
varying float vHeight;
varying float vTop;
varying float vLit;
void main() {
  vHeight = relief.x;
  vTop = position.y;
  vLit = dot(normalize(vec3(relief.y, position.y, relief.z)), light);
  gl_Position = projectionMatrix * vec4(position.x, relief.x * ${BLOCK_HEIGHT.toFixed(4)}, position.z, 1.0);
}`;

// Contour lines are drawn per pixel, so they stay thin at any distance; where they would run together they fade.
const FRAGMENT = `
uniform sampler2D colours;
uniform vec3 wall;
uniform vec2 levels;
uniform float ratio;
varying float vHeight;
varying float vTop;
varying float vLit;
void main() {
  float along = (vHeight - levels.x) / levels.y;
  float wide = max(fwidth(along), 1e-5);
  float nearest = floor(along + 0.5);
  float line = 1.0 - smoothstep(0.5 * ratio - 0.5, 0.5 * ratio + 0.5, abs(along - nearest) / wide);
  line *= 1.0 - smoothstep(0.22 / ratio, 0.5 / ratio, wide);
  // The ends of the scale are no levels: everything beyond them lies there.
  float level = levels.x + nearest * levels.y;
  line *= step(0.001, level) * step(level, 0.999);
  if (vTop < 0.5) {
    gl_FragColor = vec4(mix(wall * (0.72 + 0.28 * abs(vLit)), vec3(0.5), 0.18 * line), 1.0);
    return;
  }
  vec3 colour = texture2D(colours, vec2((vHeight * 255.0 + 0.5) / 256.0, 0.5)).rgb;
  colour = mix(colour, vec3(1.0), 0.38 * line);
  float shade = max(vLit, 0.0);
  colour = colour * (0.6 + 0.5 * shade) + 0.07 * shade * shade;
  if (!gl_FrontFacing) colour = wall * 0.6;
  gl_FragColor = vec4(colour, 1.0);
}`;

/** A picture that takes longer to draw is made coarser. */
const SLOW_MILLISECONDS = 20;
/** Pictures that are timed; the first of them includes compiling. */
const TIMED = 5;
/** Mesh points along a side, at most. A processor that plays graphics card is busy with triangles, not with pixels. */
const FINE = 257;
const COARSE = 65;
/** While it turns: 65 gave 27 frames a second with two surfaces on a two-core machine without graphics, 33 gave 47. */
const COARSEST = 33;

/** Pixels along a side, of each that is there, while a slow picture turns. */
const TURNING_RATIO = 0.6;

/** Learnt once for the page: the second picture need not find out again. */
let slow: boolean | undefined;

/** Whether the processor plays graphics card here: asked of a context of its own, as smooth edges cannot be undone. */
function isSoftware(): boolean {
  const context = document
    .createElement("canvas")
    .getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (!context) return true;
  const names = context.getExtension("WEBGL_debug_renderer_info");
  const name = String(context.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

export class Surface {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new SceneCamera();
  private readonly material: ShaderMaterial;
  /** By the number of their points along a side: at rest, and while it turns. */
  private readonly blocks = new Map<number, Block>();
  private relief: Relief | undefined;
  private timings: number[] = [];
  private timing = false;
  private shape = "";

  /** Throws where the browser has no WebGL 2. */
  constructor(canvas: HTMLCanvasElement) {
    slow ??= isSoftware();
    const context = canvas.getContext("webgl2", { alpha: true, antialias: !slow, stencil: false });
    if (!context) throw new Error("This browser has no WebGL 2.");
    this.renderer = new WebGLRenderer({ canvas, context });
    this.renderer.setClearColor(0x000000, 0);
    this.renderer.sortObjects = false;
    this.material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      side: DoubleSide,
      uniforms: {
        colours: { value: colourTable() },
        wall: { value: new Vector3(0.5, 0.5, 0.5) },
        light: { value: new Vector3(0, 1, 0) },
        levels: { value: new Vector2(0, 1) },
        ratio: { value: 1 },
      },
    });
    // The matrices are ours; nothing moves but the camera.
    this.camera.matrixAutoUpdate = false;
    this.scene.matrixWorldAutoUpdate = false;
  }

  set(relief: Relief): void {
    this.relief = relief;
    for (const block of this.blocks.values()) block.stale = true;
    (this.material.uniforms.levels!.value as Vector2).set(...relief.levels);
  }

  /** The colour of the block's walls, as #rrggbb. */
  look(wall: string): void {
    const [r, g, b] = rgb(wall);
    (this.material.uniforms.wall!.value as Vector3).set(r / 255, g / 255, b / 255);
  }

  /**
   * For a picture whose units have so many CSS pixels each. While it turns, a slow picture is drawn more coarsely, to be
   * followed by a sharp one at rest.
   */
  render({ width, height, matrix, light }: Sight, unit: number, turning: boolean): void {
    const { renderer, material, camera } = this;
    const ratio = unit * (slow ? (turning ? TURNING_RATIO : 1) : Math.min(2, window.devicePixelRatio || 1));
    const shape = `${width} ${height} ${ratio}`;
    if (shape !== this.shape) {
      renderer.setPixelRatio(ratio);
      renderer.setSize(width, height, false);
      this.shape = shape;
    }
    material.uniforms.ratio!.value = ratio;
    (material.uniforms.light!.value as Vector3).set(...light);
    camera.projectionMatrix.fromArray(matrix);
    this.take(slow ? (turning ? COARSEST : COARSE) : FINE);
    const began = performance.now();
    renderer.render(this.scene, camera);
    if (!slow && !this.timing && this.timings.length < TIMED) this.time(began);
  }

  /** Drawing is done elsewhere and later; a fence says when, without anyone waiting for it. */
  private time(began: number): void {
    const context = this.renderer.getContext() as WebGL2RenderingContext;
    const fence = context.fenceSync(context.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (!fence) return;
    context.flush();
    this.timing = true;
    const ask = () => {
      const took = performance.now() - began;
      if (context.getSyncParameter(fence, context.SYNC_STATUS) !== context.SIGNALED && took < 1000) {
        setTimeout(ask, 2);
        return;
      }
      this.timing = false;
      context.deleteSync(fence);
      // A page in the background is slow for other reasons.
      if (document.hidden || context.isContextLost()) return;
      this.timings.push(took);
      // What follows is then coarser; the picture that stands may stay.
      if (this.timings.length === TIMED && Math.min(...this.timings) > SLOW_MILLISECONDS) slow = true;
    };
    setTimeout(ask, 2);
  }

  dispose(): void {
    for (const block of this.blocks.values()) block.dispose();
    (this.material.uniforms.colours!.value as DataTexture).dispose();
    this.material.dispose();
    this.renderer.dispose();
    // A page has few contexts; this one goes now, not when its canvas is collected.
    this.renderer.getContext().getExtension("WEBGL_lose_context")?.loseContext();
  }

  /** Puts the block with that many points along a side into the scene, and no other. */
  private take(most: number): void {
    const { relief, blocks, scene } = this;
    if (!relief) return;
    const count = Math.min(relief.size, most);
    let block = blocks.get(count);
    if (block && block.size !== relief.size) {
      scene.remove(block.mesh);
      block.dispose();
      block = undefined;
    }
    if (!block) {
      block = new Block(relief.size, count, this.material);
      blocks.set(count, block);
      scene.add(block.mesh);
    }
    block.fill(relief);
    for (const other of blocks.values()) other.mesh.visible = other === block;
  }
}

/** The mesh of a grid of some size, thinned to some number of points along a side. */
class Block {
  readonly mesh: Mesh<BufferGeometry, ShaderMaterial>;
  stale = true;
  /** Which rows and columns of the grid the mesh takes. */
  private readonly picks: Uint32Array;

  constructor(
    readonly size: number,
    count: number,
    material: ShaderMaterial,
  ) {
    this.picks = Uint32Array.from({ length: count }, (_, i) => Math.round((i * (size - 1)) / (count - 1)));
    const vertices = count * count + 8 * count;
    const cells = (count - 1) ** 2 + 4 * (count - 1);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(places(this.picks, size), 3));
    const relief = new BufferAttribute(new Float32Array(3 * vertices), 3).setUsage(DynamicDrawUsage);
    geometry.setAttribute("relief", relief);
    geometry.setIndex(new BufferAttribute(new Uint32Array(6 * cells), 1).setUsage(DynamicDrawUsage));
    this.mesh = new Mesh(geometry, material);
    this.mesh.frustumCulled = false;
  }

  fill(relief: Relief): void {
    if (!this.stale) return;
    this.stale = false;
    const { geometry } = this.mesh;
    const attribute = geometry.getAttribute("relief") as BufferAttribute;
    const array = attribute.array as Float32Array;
    fillRelief(relief, this.picks, array);
    attribute.needsUpdate = true;
    const index = geometry.index!;
    geometry.setDrawRange(0, fillIndex(this.picks.length, array, index.array as Uint32Array));
    index.needsUpdate = true;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
  }
}

function colourTable(): DataTexture {
  const pixels = Uint32Array.from({ length: 256 }, (_, i) => sequentialPixel(i / 255));
  const texture = new DataTexture(new Uint8Array(pixels.buffer), 256, 1);
  texture.minFilter = texture.magFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

/** Mesh points of the four borders, side after side: low and high b, low and high a. */
function border(count: number, side: number, i: number): number {
  const last = count - 1;
  return [i, last * count + i, i * count, i * count + last][side]!;
}

const WALL_NORMALS = [
  [0, 1],
  [0, -1],
  [-1, 0],
  [1, 0],
] as const;

/** Fixed places of the vertices: the mesh, then a top and a base for every point of its borders. */
function places(picks: Uint32Array, size: number): Float32Array {
  const count = picks.length;
  const array = new Float32Array(3 * (count * count + 8 * count));
  const put = (vertex: number, point: number, top: number) => {
    array[3 * vertex] = (2 * picks[point % count]!) / (size - 1) - 1;
    array[3 * vertex + 1] = top;
    array[3 * vertex + 2] = 1 - (2 * picks[Math.floor(point / count)]!) / (size - 1);
  };
  for (let point = 0; point < count * count; point++) put(point, point, 1);
  for (let side = 0; side < 4; side++) {
    for (let i = 0; i < count; i++) {
      const vertex = count * count + 2 * (side * count + i);
      put(vertex, border(count, side, i), 0);
      put(vertex + 1, border(count, side, i), 0);
    }
  }
  return array;
}

/** Heights and normals into the vertices. */
function fillRelief({ size, heights }: Relief, picks: Uint32Array, array: Float32Array): void {
  const count = picks.length;
  // A slope is a rise in heights over a way in cells; the normal leans downhill.
  const steep = (BLOCK_HEIGHT * (size - 1)) / 2;
  let at = 0;
  for (let row = 0; row < count; row++) {
    const [south, here, north] = [picks[row - 1] ?? 0, picks[row]!, picks[row + 1] ?? size - 1];
    for (let column = 0; column < count; column++) {
      const [west, x, east] = [picks[column - 1] ?? 0, picks[column]!, picks[column + 1] ?? size - 1];
      const h = heights[here * size + x]!;
      const da = (heights[here * size + east]! - heights[here * size + west]!) / (east - west);
      const db = (heights[north * size + x]! - heights[south * size + x]!) / (north - south);
      array[at++] = h;
      // Flat beside a point that has no height.
      array[at++] = Number.isNaN(da) ? 0 : -da * steep;
      array[at++] = Number.isNaN(db) ? 0 : db * steep;
    }
  }
  for (let side = 0; side < 4; side++) {
    const [nx, nz] = WALL_NORMALS[side]!;
    for (let i = 0; i < count; i++) {
      const top = array[3 * border(count, side, i)]!;
      for (const h of [top, -BLOCK_BASE]) {
        array[at++] = h;
        array[at++] = nx;
        array[at++] = nz;
      }
    }
  }
}

/** Two triangles for every cell, and every piece of wall, whose corners all have heights; how many indices that is. */
function fillIndex(count: number, relief: Float32Array, index: Uint32Array): number {
  const height = (point: number) => relief[3 * point]!;
  const bare = (point: number) => Number.isNaN(height(point));
  let at = 0;
  const triangle = (p: number, q: number, r: number) => {
    index[at++] = p;
    index[at++] = q;
    index[at++] = r;
  };
  for (let row = 0; row < count - 1; row++) {
    for (let column = 0; column < count - 1; column++) {
      const i = row * count + column;
      if (bare(i) || bare(i + 1) || bare(i + count) || bare(i + count + 1)) continue;
      // Split along the flatter diagonal: a ridge or valley that runs across the grid stays one line.
      const [p, q, r, s] = [i, i + 1, i + count, i + count + 1];
      if (Math.abs(height(p) - height(s)) < Math.abs(height(q) - height(r))) {
        triangle(p, q, s);
        triangle(p, s, r);
      } else {
        triangle(p, q, r);
        triangle(q, s, r);
      }
    }
  }
  for (let side = 0; side < 4; side++) {
    for (let i = 0; i < count - 1; i++) {
      if (bare(border(count, side, i)) || bare(border(count, side, i + 1))) continue;
      const vertex = count * count + 2 * (side * count + i);
      triangle(vertex, vertex + 1, vertex + 2);
      triangle(vertex + 1, vertex + 3, vertex + 2);
    }
  }
  return at;
}
