// The class experiment: the presenter's page, or that of a phone which came by the QR code.
import "../elements/theme";
import { keepPlace } from "../language";
import { offerUpdate } from "../offline/offer";
import { keepForOffline } from "../offline/register";
import "./participant";
import "./presenter";

const found = /^#join=(\d+)\.(\d+)$/.exec(location.hash);
const host = document.querySelector("lab-class")!;
if (found) {
  const phone = document.createElement("lab-participant");
  Object.assign(phone, { task: Number(found[1]), room: Number(found[2]) });
  host.replaceChildren(phone);
} else host.replaceChildren(document.createElement("lab-presenter"));
addEventListener("hashchange", () => location.reload());
keepPlace();
keepForOffline(offerUpdate);
