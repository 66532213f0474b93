// One figure alone, to be put into a page of one's own: figure.html?show=chart&controls=run#network.layers=32
import "./figure";
import { labPage } from "../site";
import { readShared } from "./share";

const figure = document.createElement("identity-lab-figure");
const { attributes, experiment } = readShared(location.search, location.hash);
for (const [name, value] of attributes) figure.setAttribute(name, value);
figure.setAttribute("experiment", experiment);
figure.setAttribute("lab", labPage());
document.querySelector("main")!.append(figure);
addEventListener("hashchange", () => {
  figure.setAttribute("experiment", readShared(location.search, location.hash).experiment);
});
