// The fingers, or the mouse, that are down on a picture.

export interface Point {
  x: number;
  y: number;
}

/** The middle of what is down, and how far apart two of them are: 0 where there is only one. */
export interface Grip extends Point {
  apart: number;
}

export class Pointers {
  private readonly places = new Map<number, Point>();

  get count(): number {
    return this.places.size;
  }

  press(id: number, at: Point): void {
    this.places.set(id, at);
  }

  /** Whether that pointer is down. */
  move(id: number, at: Point): boolean {
    const down = this.places.has(id);
    if (down) this.places.set(id, at);
    return down;
  }

  /** Whether that pointer was down. */
  release(id: number): boolean {
    return this.places.delete(id);
  }

  clear(): void {
    this.places.clear();
  }

  /** How the first two of them hold the picture. */
  get grip(): Grip {
    const [first, second] = [...this.places.values()];
    if (!first || !second) return { x: first?.x ?? 0, y: first?.y ?? 0, apart: 0 };
    return {
      x: (first.x + second.x) / 2,
      y: (first.y + second.y) / 2,
      // Fingers in one place would make any movement infinitely many times as far apart.
      apart: Math.max(1, Math.hypot(first.x - second.x, first.y - second.y)),
    };
  }
}

/** How many times as far apart two fingers are as before; 1 unless there were two, and are. */
export function spread(from: Grip, to: Grip): number {
  return from.apart > 0 && to.apart > 0 ? to.apart / from.apart : 1;
}
