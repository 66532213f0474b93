// The WebGPU adapter, before the crate asks for it.
import { asLabError, LabError } from "./types";

/**
 * Refuses where there is no adapter. Asked here, because a browser that throws instead of answering would
 * leave the crate waiting for ever.
 */
export async function requireAdapter(): Promise<void> {
  const { problem } = await describeAdapter();
  if (problem) throw new LabError(problem);
}

/** What a person should know about the adapter before any number is shown for it. */
export async function describeAdapter(): Promise<{
  description?: string;
  fallbackAdapter?: boolean;
  problem?: string;
}> {
  // Typed loosely: the page needs three fields of the WebGPU interface, not its type package.
  interface Adapter {
    info?: { vendor?: string; architecture?: string; description?: string; isFallbackAdapter?: boolean };
    isFallbackAdapter?: boolean;
  }
  const gpu = (navigator as { gpu?: { requestAdapter(): Promise<Adapter | null> } }).gpu;
  if (!gpu) return { problem: "This browser offers no WebGPU." };
  try {
    const adapter = await gpu.requestAdapter();
    if (!adapter) return { problem: "This browser has WebGPU but found no adapter to run it on." };
    const { vendor, architecture, description, isFallbackAdapter } = adapter.info ?? {};
    return {
      description: description || [vendor, architecture].filter(Boolean).join(" ") || "WebGPU adapter",
      fallbackAdapter: isFallbackAdapter ?? adapter.isFallbackAdapter ?? false,
    };
  } catch (error) {
    // Asking for an adapter can itself throw on some systems.
    return { problem: `This browser's WebGPU could not be started (${asLabError(error).message}).` };
  }
}
