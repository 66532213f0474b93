// A worker that trains networks on images.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import { ImagesHost } from "./images-host";

carryErrors();
Comlink.expose(new ImagesHost());
