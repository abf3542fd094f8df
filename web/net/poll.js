/* A question that is asked again and again, no oftener than its cost allows. */

import { OFTEN, pauseMs } from "../data/duty.js";
import { painted } from "../dom.js";

export class Poll {
  #api;
  #path;
  #onAnswer;
  #onProblem;
  #times;
  #timer = 0;
  #abort = null;
  #running = false;
  everyMs = 1000;
  answeredMs = 0; /* when; 0: not yet */
  problem = ""; /* why the last question was not answered */

  /* `path()` is asked for each time; "" asks nothing. `times`: of
   * data/duty.js. */
  constructor(api, path, onAnswer, onProblem = () => {}, times = OFTEN) {
    this.#api = api;
    this.#path = path;
    this.#onAnswer = onAnswer;
    this.#onProblem = onProblem;
    this.#times = times;
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    this.now();
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = null;
  }

  get isRunning() {
    return this.#running;
  }

  /* Asks at once, whatever it costs: somebody wants to see it. Behind the frame
   * that answers them, and once, when several want it for one event. */
  async now() {
    const abort = this.#begin();
    await painted();
    if (!abort.signal.aborted) this.#ask(abort);
  }

  /* In place of what was asked before. */
  #begin() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    return (this.#abort = new AbortController());
  }

  async #ask(abort) {
    const path = this.#path();
    try {
      if (path) {
        const { answer, bytes } = await this.#api.json(path, abort.signal);
        if (abort.signal.aborted) return;
        this.everyMs = pauseMs(answer.snapshot?.buildUs ?? 0, bytes, this.#api.live, this.#times);
        this.answeredMs = performance.now();
        this.problem = "";
        this.#onAnswer(answer);
      }
    } catch (error) {
      if (abort.signal.aborted) return;
      this.everyMs = Math.max(this.everyMs, 2000);
      this.problem = error.status ? error.message : "the program does not answer";
      this.#onProblem(error);
    }
    if (this.#running && !abort.signal.aborted) this.#timer = setTimeout(() => this.#ask(this.#begin()), this.everyMs);
  }
}
