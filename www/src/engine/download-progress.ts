// How far a download has come.

/** Bytes that have arrived and those there will be, both unpacked: a compressed response says neither before its end. */
export interface Download {
  loaded: number;
  total: number;
}

export type OnDownload = (download: Download) => void;

/** Between two tellings. */
const TELLING_MILLISECONDS = 100;

/** The same response, which tells how much of its body has been read. */
export function counted(response: Response, total: number, onDownload: OnDownload): Response {
  if (!response.body) return response;
  let loaded = 0;
  let toldAt = -Infinity;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      loaded += piece.length;
      if (performance.now() - toldAt >= TELLING_MILLISECONDS) {
        toldAt = performance.now();
        onDownload({ loaded, total });
      }
      controller.enqueue(piece);
    },
    flush: () => onDownload({ loaded, total }),
  });
  return new Response(response.body.pipeThrough(counter), response);
}

/** Megabytes to read. */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** How far, in words. */
export function describeDownload({ loaded, total }: Download): string {
  return loaded < total ? `${formatMegabytes(loaded)} of ${formatMegabytes(total)}` : "compiling";
}
