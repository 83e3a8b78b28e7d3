"use strict";

// Shows in the page what the run sends.
const byId = (id) => document.getElementById(id);
const count = (n) => n.toLocaleString("en");
const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many}`;
const rate = (n) => `${n >= 10 ? count(Math.round(n)) : n.toFixed(1)}/s`;

// 7 s, 12 min 5 s, 3 h 2 min
function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 172800) return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
  return `${Math.floor(s / 86400)} days ${Math.floor(s / 3600) % 24} h`;
}
const ago = (seconds) => (seconds < 10 ? `${seconds.toFixed(1)} s ago` : `${span(seconds)} ago`);

// Text that stays the same isn't written again, since a reader may have selected it.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function showState(state, text) {
  document.body.dataset.state = state;
  setText(byId("state"), text);
}

const stateTexts = {
  running: () => "Running",
  finished: (run) => `Finished; the results are in ${run.folder}`,
  interrupted: () => "Interrupted; everything received is stored, and the same command resumes",
  failed: (run) => `Broken off: ${run.reason ?? "no reason was given"}`,
};

function showProgress(run) {
  const done = run.cells.storedBefore + run.cells.done;
  const certain = run.cells.storedBefore + run.cells.total;
  const total = Math.max(certain, run.cells.storedBefore + (run.cells.expected ?? 0));
  const share = total > 0 ? done / total : 1;
  // Rounded down, so that 100 % is shown only when all cells are done.
  const percent = (Math.floor(share * 1000) / 10).toFixed(1);
  byId("progress").value = share;
  setText(byId("progress-text"), total > certain
    ? `${count(done)} of some ${count(total)} cells stored, ${percent} %; ${count(certain)} are certain`
    : `${count(done)} of ${count(total)} cells stored, ${percent} %`);
  document.title = `${percent} % ${run.sweep} – kdsweep`;
  const numbers = [
    ["Rate", `${rate(run.cells.perSecond).replace("/s", "")} cells/s`],
    ["Time left", run.state !== "running" ? "none"
      : run.secondsLeft == null ? "not known yet"
      : run.secondsExpected == null ? span(run.secondsLeft)
      : `${span(run.secondsLeft)}, some ${span(run.secondsExpected)} expected`],
    ["Running for", span(run.elapsedSeconds)],
    ["Cells failed", count(run.cells.failed)],
    ["Tasks finished", count(run.tasks.finished)],
    ["Tasks running", count(run.tasks.running)],
    ["Tasks waiting", count(run.tasks.waiting + run.tasks.leased)],
    ["Attempts", count(run.tasks.attempts)],
  ];
  if (run.cells.storedBefore > 0) numbers.push(["Stored by earlier runs", count(run.cells.storedBefore)]);
  if (run.launch) {
    const { launcher, running, queued, maximum, obstacle } = run.launch;
    numbers.push([`Launched by ${launcher}`, `${running} running, ${queued} queued, at most ${maximum}`]);
    if (obstacle) numbers.push(["No more workers because", obstacle]);
  }
  if (run.malformedMessages > 0) numbers.push(["Malformed messages", count(run.malformedMessages)]);
  if (run.strangersTurnedAway > 0) numbers.push(["Strangers turned away", count(run.strangersTurnedAway)]);
  fill(byId("numbers"), numbers.length, () => {
    const group = document.createElement("div");
    group.append(document.createElement("dt"), document.createElement("dd"));
    return group;
  }, (group, i) => {
    numbers[i].forEach((text, k) => setText(group.children[k], text));
    group.className = numbers[i][1].length > 24 ? "long" : "";
  });
}

// Gives `parent` exactly `n` children, of which `make` makes the missing ones, and updates each.
function fill(parent, n, make, update) {
  while (parent.children.length > n) parent.lastElementChild.remove();
  while (parent.children.length < n) parent.append(make(parent.children.length));
  for (let i = 0; i < n; i++) update(parent.children[i], i);
}

// Makes an element with an explicit role: on a narrow screen, where cells are stacked, a browser would
// otherwise no longer take the table for one.
function part(name, role, attributes = {}) {
  const element = document.createElement(name);
  if (role) element.setAttribute("role", role);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// columns: [title, whether it is a number]; rows: texts, the first being the row's header.
function showTable(table, caption, columns, rows) {
  table.hidden = rows.length === 0;
  table.className = "restacks";
  if (!table.tHead) {
    table.append(part("caption"), part("thead", "rowgroup"), part("tbody", "rowgroup"));
    const row = part("tr", "row");
    for (const [title, isNumber] of columns) {
      const cell = part("th", "columnheader", { scope: "col" });
      if (isNumber) cell.className = "number";
      cell.textContent = title;
      row.append(cell);
    }
    table.tHead.append(row);
  }
  setText(table.caption, caption);
  fill(table.tBodies[0], rows.length, () => {
    const row = part("tr", "row");
    columns.forEach(([title, isNumber], i) => {
      const cell = i === 0 ? part("th", "rowheader", { scope: "row" })
        : part("td", "cell", { "data-label": title });
      if (isNumber) cell.className = "number";
      row.append(cell);
    });
    return row;
  }, (row, i) => rows[i].forEach((text, column) => setText(row.children[column], text)));
}

const nameOf = (worker) => `${worker.host}:${worker.pid}`;

function showWorkers(run) {
  const hidden = run.workerCount - run.workers.length;
  byId("workers-text").hidden = run.workerCount > 0;
  showTable(byId("workers"), plural(run.workerCount, "worker is there", "workers are there")
      + (hidden > 0 ? `, ${count(hidden)} of them not shown` : ""),
    [["Worker"], ["Does"], ["Queued", true], ["Finished", true], ["Cells/s", true], ["Last heard", true]],
    run.workers.map((worker) => [
      nameOf(worker), worker.running.map((task) => run.taskWords[task]).join("; ") || "waits", count(worker.queued), count(worker.finished),
      worker.cellsPerSecond.toFixed(1), ago(worker.heardSecondsAgo),
    ]));
  showTable(byId("gone"), "Workers that are gone", [["Worker"], ["Why"], ["When", true]],
    (run.goneWorkers ?? []).map((worker) => [nameOf(worker), worker.reason, ago(worker.secondsAgo)]));
}

let failuresTold = 0;

function showFailures(run) {
  const failed = run.tasks.failed;
  const text = byId("failures-text");
  text.className = failed > 0 ? "bad" : "";
  const failures = run.failures ?? [];
  const shown = failures.length < failed ? ` The last ${failures.length} of them:` : "";
  setText(text, failed === 0 ? "No task has failed."
    : `${plural(failed, "task has", "tasks have")} failed.${shown}`);
  showTable(byId("failures"), "Tasks that failed; a new run tries them again",
    [["Task"], ["Why"], ["Cells", true], ["When", true]],
    failures.map((failure) => [
      run.taskWords[failure.task], failure.reason, count(failure.cells), ago(failure.secondsAgo),
    ]));
  // Only a new failure is announced to readers who can't see the page: it is worth an interruption.
  if (failed > failuresTold) {
    failuresTold = failed;
    setText(byId("news"), plural(failed, "task has failed", "tasks have failed"));
  }
}

function show(run) {
  setText(byId("sweep"), run.sweep);
  setText(byId("folder"), run.folder);
  showState(run.state, stateTexts[run.state](run));
  showProgress(run);
  showFailures(run);
  showWorkers(run);
}

// Receives the run's events, and shows them, until the run has ended.
function listen() {
  const source = new EventSource(`events${location.search}`);
  source.addEventListener("state", (event) => {
    const run = JSON.parse(event.data);
    show(run);
    if (run.state !== "running") source.close();
  });
  source.addEventListener("figures", (event) => showFigures(JSON.parse(event.data)));
  source.onerror = async () => {
    if (source.readyState !== EventSource.CLOSED) {
      showState("lost", "The run doesn't answer; trying again. `kdsweep status` tells how it ended, if it did");
      return;
    }
    // The server has refused the request, after which the browser doesn't try again. Asks why.
    const answer = await fetch(`events${location.search}`, { method: "HEAD" }).catch(() => null);
    if (answer?.status === 403) {
      showState("lost", "Another run answers here now. The address of its own page was printed when it was started");
      return;
    }
    showState("lost", "Too many viewers are looking at this run; trying again in half a minute");
    setTimeout(listen, 30000);
  };
}

byId("metrics").href = `metrics${location.search}`;
listen();
