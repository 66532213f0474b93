// A worker that trains networks of a map.
import * as Comlink from "comlink";
import { AtlasHost } from "./atlas-host";
import { carryErrors } from "./comlink-errors";

carryErrors();
Comlink.expose(new AtlasHost());
