// The clock and the switches beside the phones.

import { act, post } from "./talk.js";

const MINUTE = 60_000;
const find = (id) => document.getElementById(id);

export class Desk {
  constructor(phones) {
    this.phones = phones;
    this.ahead = 0;
    this.rows = new Map();
    for (const button of document.querySelectorAll("[data-move]")) button.addEventListener("click", () => this.move(button));
    find("go").addEventListener("submit", (event) => {
      event.preventDefault();
      this.goTo(find("go-to").value);
    });
    for (const button of document.querySelectorAll("[data-preset]")) {
      button.addEventListener("click", () => post("/demo/misbehave", { preset: button.dataset.preset, on: !isOn(button) }));
    }
    for (const button of document.querySelectorAll("[data-blocks]")) {
      button.addEventListener("click", () => act(button.dataset.blocks, isOn(button) ? "unblock" : "block"));
    }
    setInterval(() => this.tick(), 1000);
  }

  show(state) {
    this.ahead = new Date(state.now) - Date.now();
    this.movable = state.movable;
    find("moves").hidden = !state.movable;
    find("go").hidden = !state.movable;
    find("clock-fixed").hidden = state.movable;
    document.body.classList.toggle("moving", state.moving);
    for (const button of document.querySelectorAll("[data-preset]")) set(button, state.misbehaving.includes(button.dataset.preset));
    for (const raw of state.phones) {
      const button = document.querySelector(`[data-blocks="${raw.id}"]`);
      if (button) set(button, raw.blocked);
      if (button) button.disabled = !raw.started && !raw.blocked;
    }
    this.tick();
  }

  now() {
    return new Date(Date.now() + this.ahead);
  }

  tick() {
    const now = this.now();
    this.line("bot", "Bot", "UTC", new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" }).format(now));
    for (const phone of this.phones.values()) {
      const text = phone.clockText(now);
      this.line(phone.id, phone.name, phone.zoneKnown ? phone.zoneText : "not told yet", phone.zoneKnown ? text : "–");
      const local = phone.element.querySelector(".local");
      local.textContent = phone.zoneKnown ? text : "";
      local.dateTime = now.toISOString();
    }
    const ana = this.phones.values().next().value;
    const field = find("go-to");
    const isPast = !field.value || fromLocal(field.value, ana?.zone ?? "UTC") <= now;
    if (ana && document.activeElement !== field && isPast) field.value = localInput(new Date(+now + 60 * MINUTE), ana.zone);
  }

  line(key, name, zone, text) {
    let row = this.rows.get(key);
    if (!row) {
      row = { term: document.createElement("dt"), value: document.createElement("dd") };
      row.term.append(document.createElement("strong"), document.createElement("span"));
      this.rows.set(key, row);
      find("clocks").append(row.term, row.value);
    }
    const [strong, small] = row.term.children;
    for (const [node, words] of [[strong, name], [small, zone], [row.value, text]]) {
      if (node.textContent !== words) node.textContent = words;
    }
  }

  async move(button) {
    const how = button.dataset.move;
    await this.moved(how === "next" ? { next: true } : { advance_seconds: Number(how) }, how === "next");
  }

  async goTo(value) {
    const ana = this.phones.values().next().value;
    const target = fromLocal(value, ana.zone);
    if (target <= this.now()) {
      this.say("Time only goes forward here.");
      return;
    }
    await this.moved({ to: target.toISOString() });
  }

  async moved(body, toPrompt = false) {
    this.say("Time passes …");
    const before = +this.now();
    const answer = await post("/demo/clock", body);
    if (!answer.ok) this.say(answer.error);
    else if (toPrompt && new Date(answer.now) - before < MINUTE / 2) this.say("Nothing is planned. Finish the first questions with Ana, then try again.");
    else this.say(`It is now ${this.phones.values().next().value.clockText(answer.now)} for Ana.`);
    find("go-to").value = "";
  }

  say(text) {
    find("clock-note").textContent = text;
  }
}

function isOn(button) {
  return button.getAttribute("aria-checked") === "true";
}

function set(button, on) {
  button.setAttribute("aria-checked", String(on));
}

// Gives a moment as a datetime-local field of that zone writes it, and reads it back.

function localInput(date, zone) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(date);
  const part = Object.fromEntries(parts.map((one) => [one.type, one.value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

function fromLocal(value, zone) {
  const asUtc = new Date(`${value}:00Z`);
  let guess = asUtc;
  for (let i = 0; i < 2; i += 1) {
    const shown = new Date(`${localInput(guess, zone)}:00Z`);
    guess = new Date(+guess + (asUtc - shown));
  }
  return guess;
}
