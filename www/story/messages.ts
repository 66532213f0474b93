// Vite plugin: pages of other languages than English have their messages in a script that runs before any module, so
// that no module has to wait for them.
import type { Plugin } from "vite";
import { hash } from "../offline/hash";
import { LANGUAGES, type Language } from "./chapters";
import { ownWordsOf } from "./words";

const translated = LANGUAGES.filter((language) => language !== "en");

function script(language: Language): string {
  // Read faster as JSON than as a script.
  const text = JSON.stringify(JSON.stringify({ language, messages: ownWordsOf(language) }));
  return `globalThis.identityLabMessages=JSON.parse(${text});\n`;
}

/** Its place in the site. The name changes with the content, as those of all files in that folder do. */
export const messagesFile = (language: Language) =>
  `assets/messages-${language}-${hash(script(language))}.js`;

export function messages(): Plugin {
  return {
    name: "identity-lab-messages",
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const [, asked] = /\/assets\/messages-(\w+)-\w+\.js$/.exec(request.url ?? "") ?? [];
        const language = translated.find((one) => one === asked);
        if (!language) return next();
        response.setHeader("Content-Type", "text/javascript");
        response.end(script(language));
      });
    },
    generateBundle() {
      for (const language of translated)
        this.emitFile({ type: "asset", fileName: messagesFile(language), source: script(language) });
    },
  };
}
