// How far a download has come.

/** Bytes that have arrived and those there will be, both unpacked: a compressed response says neither before its end. */
export interface Download {
  /** Have arrived. */
  loaded: number;
  /** There will be. */
  total: number;
}

/** Hears of a download some 20 times a second. */
export type OnDownload = (download: Download) => void;

/**
 * The bytes at an address, of which there will be about `total`; undefined where they could not be had. Not by `fetch`:
 * Chromium reports a body that is read in pieces as an aborted request.
 */
export function downloaded(
  url: URL,
  total: number,
  onDownload: OnDownload,
): Promise<ArrayBuffer | undefined> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.responseType = "arraybuffer";
    // A browser tells of progress some 20 times a second.
    request.onprogress = ({ loaded }) => onDownload({ loaded, total });
    request.onload = () => resolve(request.status === 200 ? (request.response as ArrayBuffer) : undefined);
    request.onerror = request.onabort = () => resolve(undefined);
    request.open("GET", url);
    request.send();
  });
}
