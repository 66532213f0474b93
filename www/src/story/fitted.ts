// Presented pictures are as tall as the screen has room for.

/** What pictures take their height from. */
const HEIGHT = "--picture-height";
/** Whose pictures are all there is to be seen of a slide; other sections are long, and one scrolls. */
const FIGURES = "identity-lab-figure, lab-atlas";
/** No picture is lower than this, in rem: rather than that, one scrolls. */
const LEAST = 9;
/** And none takes more of the screen's height. */
const MOST = 0.7;
/** It is found to so many CSS pixels. */
const EXACT = 2;

/** Keeps a slide as high as the screen from now on; returns what ends that. */
export function keepFitted(slide: HTMLElement): () => void {
  const root = document.documentElement;
  let asked = 0;
  const fit = () => {
    asked = 0;
    if (!slide.querySelector(FIGURES)) return;
    const set = (height: number) => slide.style.setProperty(HEIGHT, `${height}px`);
    const rem = Number.parseFloat(getComputedStyle(root).fontSize);
    let [low, high] = [LEAST * rem, MOST * innerHeight];
    while (high - low > EXACT) {
      const height = (low + high) / 2;
      set(height);
      if (root.scrollHeight > root.clientHeight) high = height;
      else low = height;
    }
    set(Math.floor(low));
  };
  // Not within the observer: what changes there would be observed at once.
  const ask = () => {
    asked ||= requestAnimationFrame(fit);
  };
  const sizes = new ResizeObserver(ask);
  sizes.observe(slide);
  addEventListener("resize", ask);
  return () => {
    cancelAnimationFrame(asked);
    sizes.disconnect();
    removeEventListener("resize", ask);
    slide.style.removeProperty(HEIGHT);
  };
}
