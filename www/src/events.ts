// Listening to what elements say.
import type { LabSession } from "./engine";

/** Acts on an event of that name; what goes wrong is said to the reader. */
export type On = <T>(name: string, act: (detail: T) => unknown) => void;

export function listener(fail: (error: unknown) => Promise<void>): On {
  return <T>(name: string, act: (detail: T) => unknown) =>
    document.addEventListener(name, (event) => {
      // A refusal may come at once or later.
      void (async () => act((event as CustomEvent<T>).detail))().catch(fail);
    });
}

/** The same for acts on a session, which come to nothing while there is none. */
export function sessionListener(page: {
  session(): LabSession | undefined;
  fail(error: unknown): Promise<void>;
}): <T>(name: string, act: (detail: T, session: LabSession) => unknown) => void {
  const on = listener(page.fail);
  return <T>(name: string, act: (detail: T, session: LabSession) => unknown) =>
    on<T>(name, (detail) => {
      const session = page.session();
      return session && act(detail, session);
    });
}
