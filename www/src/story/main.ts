// A chapter comes alive: its figures run, its text follows them, its sections work.
import "../elements/theme";
import "../figure/figure";
import { keepPlace } from "../language";
import { keepForOffline } from "../offline/register";
import { bindTexts } from "./bound";
import * as keys from "./keys";
import { offerUpdate } from "../offline/offer";
import * as slides from "./slides";

bindTexts();
keys.listen();
slides.listen();
keepPlace();
// Maps, Theorem 3.2 and images are fetched by the chapters that have them.
const section = document.querySelector<HTMLDetailsElement>("details.section");
if (section) void import("./sections").then(({ openSection }) => openSection(section));
keepForOffline(offerUpdate);
