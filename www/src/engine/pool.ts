// Deals the rows of a landscape to whatever evaluates them: pool workers, or the session's own engine.
import { blocks, place, rowsFor } from "./rows";

/** One place where rows are evaluated; undefined means that the plane there has been replaced. */
export interface RowsMember {
  rows(
    twin: number,
    plane: number,
    a: Float32Array,
    b: Float32Array,
  ): Promise<{ values: Float32Array; milliseconds: number } | undefined>;
}

/** Long enough to make messages cheap, short enough that a newer request need not wait. */
const BLOCK_MILLISECONDS = 40;

export interface Picture {
  twin: number;
  plane: number;
  a: Float32Array;
  b: Float32Array;
  /** Leave one member idle, if there is another. */
  background?: boolean | undefined;
  isNewest: () => boolean;
  onProgress?: ((done: number) => void) | undefined;
}

/** What one row of one point more costs, learned from picture to picture. */
export class Dealer {
  private pointMilliseconds = 0;

  constructor(private readonly members: readonly RowsMember[]) {}

  /** Expected milliseconds of a picture of size², 0 while nothing is known. */
  estimate(size: number): number {
    return (this.pointMilliseconds * size * size) / Math.max(1, this.members.length);
  }

  /** The whole picture, or undefined where a newer request has made it stale. */
  async draw({
    twin,
    plane,
    a,
    b,
    background,
    isNewest,
    onProgress,
  }: Picture): Promise<Float32Array | undefined> {
    const size = a.length;
    const whole = new Float32Array(size * b.length).fill(Number.NaN);
    const perRow = this.pointMilliseconds * size;
    // Even the first picture is dealt in blocks that leave work for every member.
    const fair = Math.ceil(b.length / (4 * this.members.length));
    const rows =
      perRow > 0 ? Math.min(fair, rowsFor(BLOCK_MILLISECONDS, 1, perRow, fair)) : Math.min(fair, 4);
    const queue = blocks(b.length, rows);
    let done = 0;
    const serve = async (member: RowsMember) => {
      for (let block = queue.shift(); block && isNewest(); block = queue.shift()) {
        const part = await member.rows(twin, plane, a, b.slice(block.from, block.to));
        if (!part) return;
        place(whole, size, block, part.values);
        const points = part.values.length;
        const cost = part.milliseconds / points;
        this.pointMilliseconds = this.pointMilliseconds ? (this.pointMilliseconds + cost) / 2 : cost;
        done += points;
        if (isNewest()) onProgress?.(done / whole.length);
      }
    };
    const members = background ? this.members.slice(0, Math.max(1, this.members.length - 1)) : this.members;
    await Promise.all(members.map(serve));
    return isNewest() && done === whole.length ? whole : undefined;
  }
}
