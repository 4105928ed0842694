// The lower edge of a phone: what the person writes, the menus, the reply keyboard.

import { act, sendFile } from "./talk.js";

const TALLEST = 120;
const LARGEST_MB = 20;
const POPOVERS = [[".open-commands", ".commands"], [".open-attach", ".attach"]];

export class Dock {
  constructor(chat, root) {
    this.chat = chat;
    this.mode = null; // { kind: "reply" | "edit", id, forced }
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.input = this.find("textarea");
    this.input.setAttribute("aria-label", `Message from ${chat.name}`);
    this.listen();
  }

  listen() {
    this.find(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("input", () => this.grow());
    this.find(".start").addEventListener("click", () => this.chat.begin());
    this.find(".unblock").addEventListener("click", () => act(this.chat.id, "unblock"));
    this.find(".about-message button").addEventListener("click", () => {
      this.leaveMode();
      this.input.focus();
    });
    for (const [opener, box] of POPOVERS) this.find(opener).addEventListener("click", () => this.toggle(opener, box));
    for (const button of this.root.querySelectorAll("[data-send]")) button.addEventListener("click", () => this.attach(button));
    this.find("[data-pick]").addEventListener("click", () => {
      this.closePopovers(true);
      this.find(".picker").click();
    });
    this.find(".picker").addEventListener("change", () => this.sendPicked());
    document.addEventListener("pointerdown", (event) => {
      if (!this.root.contains(event.target)) this.closePopovers();
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (!this.closePopovers(true) && this.mode) this.leaveMode();
    });
  }

  toggle(opener, box) {
    const open = this.find(box).hidden;
    this.closePopovers();
    this.find(box).hidden = !open;
    this.find(opener).setAttribute("aria-expanded", String(open));
    if (open) this.find(box).querySelector("button")?.focus();
  }

  closePopovers(refocus = false) {
    let closed = false;
    for (const [opener, box] of POPOVERS) {
      if (this.find(box).hidden) continue;
      closed = true;
      this.find(box).hidden = true;
      this.find(opener).setAttribute("aria-expanded", "false");
      if (refocus) this.find(opener).focus();
    }
    return closed;
  }

  attach(button) {
    this.closePopovers(true);
    const { send, latitude, longitude } = button.dataset;
    act(this.chat.id, send, latitude ? { latitude: Number(latitude), longitude: Number(longitude) } : {});
  }

  async sendPicked() {
    const [picked] = this.find(".picker").files;
    this.find(".picker").value = "";
    if (!picked) return;
    if (picked.size === 0 || picked.size > LARGEST_MB * 1024 * 1024) {
      this.chat.toast(picked.size ? `A file may have up to ${LARGEST_MB} MB here.` : "This file is empty.");
      return;
    }
    const mode = this.mode;
    if (mode?.kind === "reply") this.leaveMode();
    const answer = await sendFile(this.chat.id, picked, mode?.kind === "reply" ? mode.id : undefined);
    if (!answer.ok) this.chat.toast(answer.error);
  }

  send() {
    const text = this.input.value.trim();
    if (!text) return;
    const mode = this.mode;
    this.leaveMode();
    this.input.value = "";
    this.grow();
    if (mode?.kind === "edit") act(this.chat.id, "edit", { message_id: mode.id, text });
    else this.chat.says(text, mode?.id);
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, TALLEST)}px`;
  }

  // What the page is told.

  show(raw) {
    const focused = document.activeElement;
    this.find(".start").hidden = raw.started || raw.blocked;
    this.find(".unblock").hidden = !raw.blocked;
    this.find(".composer").hidden = !raw.started || raw.blocked;
    this.showCommands(raw.commands);
    this.showKeyboard(raw.keyboard);
    if (this.root.contains(focused) && focused.closest("[hidden]")) this.takeFocus();
  }

  takeFocus() {
    (this.find(".composer").hidden ? this.find(".big:not([hidden])") : this.input).focus();
  }

  showCommands(commands) {
    const key = JSON.stringify(commands);
    if (this.commandsKey === key) return;
    this.commandsKey = key;
    this.find(".open-commands").hidden = commands.length === 0;
    this.find(".commands").replaceChildren(...commands.map((one) => this.command(one)));
  }

  command(one) {
    const button = plainButton("");
    for (const [tag, text] of [["strong", `/${one.command}`], ["span", one.description]]) {
      const part = document.createElement(tag);
      part.textContent = text;
      button.append(part);
    }
    button.addEventListener("click", () => {
      this.closePopovers(true);
      this.chat.says(`/${one.command}`);
    });
    return button;
  }

  showKeyboard(keyboard) {
    const key = JSON.stringify(keyboard);
    if (this.keyboardKey === key) return;
    this.keyboardKey = key;
    const rows = keyboard?.rows ?? [];
    this.find(".keyboard").hidden = rows.length === 0;
    this.find(".keyboard").replaceChildren(...rows.map((row) => this.keyboardRow(row)));
    this.input.placeholder = keyboard?.placeholder || "Message";
    if (keyboard?.force_reply) this.forceReply(keyboard);
    else if (this.mode?.forced) this.leaveMode();
  }

  keyboardRow(row) {
    const line = document.createElement("div");
    line.className = "row";
    for (const one of row) {
      const button = plainButton(one.text);
      button.className = "key";
      button.addEventListener("click", () => this.tapKey(one, line));
      line.append(button);
    }
    return line;
  }

  tapKey(one, line) {
    if (one.request === "request_location") this.toggle(...POPOVERS[1]);
    else if (one.request === "request_users") line.replaceChildren(...this.otherPeople());
    else this.chat.says(one.text);
  }

  // In place of Telegram's list of contacts: the other people of this page.
  otherPeople() {
    return this.chat.others().map((other) => {
      const button = plainButton(other.name);
      button.className = "key";
      button.addEventListener("click", () => act(this.chat.id, "picks", { chat_id: other.id }));
      return button;
    });
  }

  // The bot asks for a reply: the field opens for it, unless the person is busy elsewhere on the page.
  forceReply(keyboard) {
    this.enterMode({ kind: "reply", id: keyboard.message_id, forced: true }, this.chat.botName, keyboard.preview);
    const at = document.activeElement;
    const isFree = !this.chat.byItself && (!at || at === document.body);
    if (isFree || this.chat.element.contains(at)) this.input.focus();
  }

  replyTo(message) {
    this.enterMode({ kind: "reply", id: message.id }, message.mine ? this.chat.name : this.chat.botName, message.text || message.document?.name);
    this.input.focus();
  }

  edit(message) {
    this.enterMode({ kind: "edit", id: message.id }, "Edit", message.text);
    this.input.value = message.text;
    this.grow();
    this.input.focus();
  }

  enterMode(mode, title, text) {
    this.mode = mode;
    const box = this.find(".about-message");
    box.hidden = false;
    box.querySelector("strong").textContent = title;
    box.querySelector("span").textContent = text;
  }

  leaveMode() {
    if (this.mode?.kind === "edit") this.input.value = "";
    this.mode = null;
    this.find(".about-message").hidden = true;
    this.grow();
  }
}

function plainButton(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  return button;
}
