// A worker that trains networks of a map on the GPU.
import * as Comlink from "comlink";
import { FleetHost } from "./atlas-fleet-host";
import { carryErrors } from "./comlink-errors";

carryErrors();
Comlink.expose(new FleetHost());
