// Vite plugin: pages of other languages than English have their messages in a script that runs before any module, so
// that no module has to wait for them.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { HtmlTagDescriptor, Plugin } from "vite";
import { LANGUAGES, type Language } from "./chapters";
import { root, WWW, type Place } from "./pages";

const translated = LANGUAGES.filter((language) => language !== "en");

function script(language: Language): string {
  const messages = JSON.parse(readFileSync(resolve(WWW, "messages", `${language}.json`), "utf8")) as unknown;
  // Read faster as JSON than as a script.
  const text = JSON.stringify(JSON.stringify({ language, messages }));
  return `globalThis.identityLabMessages=JSON.parse(${text});\n`;
}

/** Its name changes with its content, as those of all files in that folder do. */
function fileOf(language: Language): string {
  const hash = createHash("sha256").update(script(language)).digest("base64url").slice(0, 8);
  return `assets/messages-${language}-${hash}.js`;
}

/** For the head of a page: deferred, as modules are, and before them. */
export function messagesOf({ language }: Place): HtmlTagDescriptor[] {
  if (language === "en") return [];
  const attrs = { defer: true, src: root(language) + fileOf(language), "vite-ignore": true };
  return [{ tag: "script", attrs, injectTo: "head" }];
}

export function messages(): Plugin {
  return {
    name: "identity-lab-messages",
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const language = translated.find((one) => request.url?.endsWith(fileOf(one)));
        if (!language) return next();
        response.setHeader("Content-Type", "text/javascript");
        response.end(script(language));
      });
    },
    generateBundle() {
      for (const language of translated)
        this.emitFile({ type: "asset", fileName: fileOf(language), source: script(language) });
    },
  };
}
