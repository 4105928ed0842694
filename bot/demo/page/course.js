// Dana's month: the button, how far it is, and what became of it.

import { post } from "./talk.js";
import { showView } from "./views.js";

const DANA = 1004;
const BUTTON = { ready: "A month with six treatments", unanswered: "Go on with the month", broken: "Go on with the month" };
const NOTES = {
  living: "You can use the other phones meanwhile.",
  lived: "That was a month. Scroll up on Dana's phone to read it, or go on by hand.",
  unanswered: "The bot did not answer Dana, so she waits. Switch off the trouble, then go on.",
  broken: "Dana met something she could not handle, so she waits. The other phones work. You can try to go on.",
};
const find = (id) => document.getElementById(id);

export class Course {
  constructor(phones) {
    this.phones = phones;
    this.found = false;
    find("course-begin").addEventListener("click", () => this.begin());
  }

  async begin() {
    this.wanted = true;
    const answer = await post("/demo/course", {}).catch(() => ({ ok: false, error: "the demo does not answer" }));
    if (answer.ok) find("course-progress").focus();
    else find("course-note").textContent = `That does not work just now: ${answer.error}.`;
  }

  show(raw, isMovable) {
    find("course").hidden = !raw;
    if (!raw) return;
    this.showDana(raw);
    for (const button of document.querySelectorAll("[data-move], #go button")) button.disabled = raw.state === "living";
    find("course-begin").hidden = !(raw.state in BUTTON);
    find("course-begin").disabled = !isMovable;
    find("course-begin").textContent = BUTTON[raw.state] ?? "";
    find("course-about").hidden = raw.state !== "ready";
    find("course-progress").hidden = raw.state === "ready";
    find("course-bar").max = raw.days || 1;
    find("course-bar").value = raw.day;
    find("course-day").textContent = `Day ${raw.day} of ${raw.days}`;
    if (this.state !== raw.state) find("course-note").textContent = NOTES[raw.state] ?? "";
    this.state = raw.state;
  }

  // Her phone comes into sight for whoever asked for it; a page that is opened later is left as it is.
  showDana(raw) {
    const dana = this.phones.get(DANA);
    if (!dana) return;
    const isLiving = raw.state === "living";
    dana.log.setAttribute("aria-live", isLiving ? "off" : "polite");
    dana.find(".role").textContent = isLiving ? `day ${raw.day} of ${raw.days}` : "by herself";
    if (this.found) return;
    this.found = true;
    document.querySelector(`[data-show="${DANA}"]`).hidden = false;
    if (this.wanted) showView(DANA);
  }
}
