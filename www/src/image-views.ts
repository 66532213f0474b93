// What is seen of a network on images besides its curves: pictures and how they are taken, filters, feature maps, how
// much each block changes, landscapes.
import type { LabImages } from "./elements/images";
import type { ImageLab } from "./engine/image-lab";
import type { ImageLandscapeRequest } from "./engine/images";

/** Test images shown, and those that blocks are measured on. */
const SHOWN = 60;
const MEASURED = 64;
/** How long a landscape is computed before training goes on. */
const LOOKING_MILLISECONDS = 100;

export class ImageViews {
  private looking: object | undefined;

  constructor(
    private readonly element: LabImages,
    private readonly host: () => ImageLab["host"],
  ) {}

  /** The first test images, or the first of those that are taken for another class. */
  async showPictures(): Promise<void> {
    const { element } = this;
    const predictions = element.tally?.predictions;
    const indices =
      element.mistakes && predictions
        ? await this.host().mistakes("test", predictions, SHOWN)
        : range(Math.min(SHOWN, element.info!.test));
    element.shown = await this.host().show("test", indices);
    element.chosen = Math.min(element.chosen, Math.max(0, indices.length - 1));
  }

  async showMistakes(only: boolean): Promise<void> {
    this.element.mistakes = only;
    this.element.chosen = 0;
    await this.showPictures();
    await this.mapsAgain();
  }

  async choosePicture(position: number): Promise<void> {
    this.element.chosen = position;
    await this.mapsAgain();
  }

  private async mapsAgain(): Promise<void> {
    const index = this.element.shown?.indices[this.element.chosen];
    this.element.maps = index === undefined ? [] : await this.host().maps("test", index);
  }

  async seeInside(): Promise<void> {
    const { element } = this;
    const count = Math.min(MEASURED, element.info!.test);
    element.branches = await this.host().branches("test", range(count));
    element.filters = await this.host().filters();
    await this.mapsAgain();
  }

  async look(request: ImageLandscapeRequest): Promise<void> {
    const mine = {};
    this.looking = mine;
    const newest = () => this.looking === mine;
    const { element } = this;
    let seen = await this.host().look(request);
    while (newest() && seen.done < seen.cells) {
      element.landscape = seen;
      element.looking = seen.done / seen.cells;
      seen = await this.host().lookOn(LOOKING_MILLISECONDS);
    }
    if (!newest()) return;
    element.landscape = seen;
    this.stopLooking();
  }

  stopLooking(): void {
    this.looking = undefined;
    this.element.looking = undefined;
  }
}

function range(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}
