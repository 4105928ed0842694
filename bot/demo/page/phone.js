// One person's phone: the chat as that person sees it.

import { Dock } from "./dock.js";
import { Message } from "./message.js";
import { act } from "./talk.js";

const template = document.getElementById("phone-template");
const NEAR_BOTTOM = 80;
const TOAST_MS = 3500;

export class Phone {
  constructor(raw, words, page) {
    this.id = raw.id;
    this.name = raw.name;
    this.page = page;
    this.messages = new Map();
    this.days = new Map();
    this.toastSeen = null;
    this.atBottom = true;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.element.querySelector(selector);
    this.log = this.find(".log");
    this.label(words);
    this.dock = new Dock(this, this.find(".dock"));
    this.keepAtBottom();
  }

  label(words) {
    this.element.dataset.phone = this.id;
    const title = this.find("h2");
    title.textContent = this.name;
    title.id = `person-${this.id}`;
    this.element.setAttribute("aria-labelledby", title.id);
    this.find(".role").textContent = words.querySelector("[data-role]").textContent;
    this.hint = words.querySelector("[data-hint]")?.textContent ?? "";
    this.byItself = Boolean(words.querySelector("[data-by-itself]"));
    this.log.setAttribute("aria-label", `${this.name}'s chat`);
  }

  others() {
    return this.page.phones().filter((phone) => phone.id !== this.id);
  }

  // Whoever reads at the bottom stays there, also when the keyboard opens or a picture arrives.
  keepAtBottom() {
    this.lastTop = 0;
    this.log.addEventListener("scroll", () => {
      // Only a person scrolls up. On the way down the bottom is still wanted, however far it is.
      const { scrollTop, scrollHeight, clientHeight } = this.log;
      if (scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM) this.atBottom = true;
      else if (scrollTop < this.lastTop) this.atBottom = false;
      this.lastTop = scrollTop;
    }, { passive: true });
    new ResizeObserver(() => this.atBottom && this.scrollDown(true)).observe(this.log);
    this.log.addEventListener("load", () => this.atBottom && this.scrollDown(true), true);
  }

  // What the page is told.

  show(raw, bot) {
    this.bot = bot;
    this.botName = bot.name;
    this.showZone(raw.zone);
    this.find(".bot-name").textContent = bot.name;
    this.element.classList.toggle("blocked", raw.blocked);
    this.showTyping(raw.typing);
    this.showWelcome(!raw.started && this.messages.size === 0);
    this.showMessages(raw);
    this.dock.show(raw);
    this.showToasts(raw.toasts);
  }

  showZone(zone) {
    const changed = this.zone && this.zone !== (zone ?? "UTC");
    this.zone = zone ?? "UTC";
    this.zoneKnown = Boolean(zone);
    if (!changed) return;
    for (const message of this.messages.values()) message.showTime();
    this.showDays();
  }

  // "America/New_York" as words that may break into lines after a slash.
  get zoneText() {
    return this.zone.replaceAll("_", " ").replaceAll("/", "/\u200b");
  }

  showTyping(seconds) {
    clearTimeout(this.typingTimer);
    const status = this.find(".status");
    status.textContent = seconds > 0 ? "typing" : "bot";
    status.classList.toggle("typing", seconds > 0);
    if (seconds > 0) this.typingTimer = setTimeout(() => this.showTyping(0), seconds * 1000);
  }

  showWelcome(wanted) {
    const key = wanted ? `${this.bot.name}\n${this.bot.description}` : "";
    if (this.welcomed === key) return;
    this.welcomed = key;
    this.log.querySelector(".welcome")?.remove();
    if (!wanted) return;
    const box = document.createElement("div");
    box.className = "welcome";
    for (const text of [this.bot.description || this.bot.name, this.hint].filter(Boolean)) {
      const line = document.createElement("p");
      line.textContent = text;
      box.append(line);
    }
    this.log.prepend(box);
  }

  showMessages(raw) {
    let own = false;
    for (const id of raw.deleted) this.drop(id);
    for (const message of raw.messages) {
      own ||= message.mine && !this.messages.has(message.id);
      this.put(message);
    }
    for (const [id, message] of this.messages) if (!raw.waiting.includes(id)) message.endWaiting();
    if (raw.messages.length || raw.deleted.length) this.showDays();
    if (raw.messages.length && (this.atBottom || own)) this.scrollDown();
  }

  put(raw) {
    let message = this.messages.get(raw.id);
    if (!message) {
      message = new Message(this);
      this.messages.set(raw.id, message);
      this.log.append(message.element);
    }
    message.show(raw);
  }

  drop(id) {
    const message = this.messages.get(id);
    if (!message) return;
    const hadFocus = message.element.contains(document.activeElement);
    message.element.remove();
    this.messages.delete(id);
    if (this.dock.mode?.id === id) this.dock.leaveMode();
    if (hadFocus) ([...this.messages.values()].at(-1) ?? this.dock).takeFocus();
  }

  // A line with the day stands above the first message of each of the person's days.
  showDays() {
    const wanted = new Map();
    let last = "";
    for (const message of this.messages.values()) {
      const day = this.dayText(message.message.date);
      if (day !== last) wanted.set(message.element, day);
      last = day;
    }
    for (const [element, line] of this.days) {
      if (wanted.has(element)) continue;
      line.remove();
      this.days.delete(element);
    }
    for (const [element, day] of wanted) this.dayLine(element, day);
  }

  dayLine(element, day) {
    let line = this.days.get(element);
    if (!line) {
      line = document.createElement("p");
      line.className = "day";
      this.days.set(element, line);
    }
    if (line.textContent !== day) line.textContent = day;
    if (line.nextSibling !== element) element.before(line);
  }

  showToasts(toasts) {
    const fresh = this.toastSeen === null ? [] : toasts.filter((one) => one.n > this.toastSeen);
    this.toastSeen = toasts.at(-1)?.n ?? this.toastSeen ?? 0;
    for (const one of fresh) {
      if (one.alert) this.page.alert(one.text);
      else this.toast(one.text);
    }
  }

  toast(text) {
    const box = this.find(".toast");
    box.textContent = text;
    box.classList.add("up");
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => {
      box.classList.remove("up");
      box.textContent = "";
    }, TOAST_MS);
  }

  scrollDown(atOnce = false) {
    const still = atOnce || !this.scrolled || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: still ? "instant" : "smooth" });
    this.scrolled = true;
    this.atBottom = true;
  }

  // What the person does in the chat.

  begin(payload = "") {
    return act(this.id, "start", { payload });
  }

  says(text, replyTo) {
    return act(this.id, "text", replyTo ? { text, reply_to: replyTo } : { text });
  }

  taps(button, message, key) {
    if (button.copy) return this.copy(button.copy);
    if (button.url) return this.begin(new URL(button.url).searchParams.get("start") ?? "");
    key.setAttribute("aria-busy", "true");
    return act(this.id, "press", { data: button.data, message_id: message.id });
  }

  async copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => {});
    this.toast(`Copied: ${text}`);
  }

  remove(message) {
    return act(this.id, "delete", { message_id: message.id });
  }

  isOwnLink(url) {
    return url.startsWith(`https://t.me/${this.bot.username}`);
  }

  // Times as this person's phone writes them.

  timeText(date) {
    return this.format(date, { hour: "2-digit", minute: "2-digit" });
  }

  dayText(date) {
    return this.format(date, { weekday: "long", day: "numeric", month: "long" });
  }

  clockText(date) {
    return this.format(date, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  }

  format(date, options) {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: this.zone }).format(new Date(date));
  }
}
