// A chapter comes alive: its figures run, its text follows them, its sections work.
import "../elements/theme";
import "../figure/figure";
import { keepPlace } from "../language";
import { keepForOffline } from "../offline/register";
import { bindTexts } from "./bound";
import * as keys from "./keys";
import { openSections } from "./sections";
import { offerUpdate } from "../offline/offer";
import * as slides from "./slides";

bindTexts();
keys.listen();
slides.listen();
keepPlace();
void openSections();
keepForOffline(offerUpdate);
