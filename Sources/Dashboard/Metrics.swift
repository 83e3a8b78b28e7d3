/// A run's numbers in Prometheus's text format.
struct Metrics {
    private let snapshot: RunState
    private let viewers: Int

    static let type = "text/plain; version=0.0.4; charset=utf-8"

    init(_ snapshot: RunState, viewers: Int) {
        self.snapshot = snapshot
        self.viewers = viewers
    }

    var text: String {
        let (cells, tasks) = (snapshot.cells, snapshot.tasks)
        var families = [
            family("info", "The sweep.", [("{sweep=\"\(escaped(snapshot.sweep))\"}", 1)]),
            gauge(
                "running", "1 while the run goes on.", snapshot.state == .running ? 1 : 0),
            gauge("elapsed_seconds", "Since the run began.", snapshot.elapsedSeconds),
            counter("cells_done_total", "Cells stored by this run.", cells.done),
            counter("cells_failed_total", "Of these, cells that failed.", cells.failed),
            gauge("cells_wanted", "Cells that this run is to store.", Double(cells.total)),
            gauge(
                "cells_stored_before", "Cells that earlier runs have stored.",
                Double(cells.storedBefore)),
            family(
                "tasks", "Tasks by their state.",
                [
                    ("waiting", tasks.waiting), ("leased", tasks.leased),
                    ("running", tasks.running), ("finished", tasks.finished),
                    ("failed", tasks.failed),
                ].map { ("{state=\"\($0)\"}", Double($1)) }),
            counter(
                "task_attempts_total", "How often a task was given to a worker.", tasks.attempts),
            gauge("workers", "Workers that are there.", Double(snapshot.workers.count)),
            counter(
                "malformed_messages_total", "Messages dropped as malformed.",
                snapshot.malformedMessages),
            counter(
                "strangers_turned_away_total", "Connections turned away.",
                snapshot.strangersTurnedAway),
            gauge("dashboard_viewers", "Open dashboards.", Double(viewers)),
        ]
        if let expected = cells.expected {
            families.append(
                gauge(
                    "cells_expected", "Cells that this run is expected to store in the end.",
                    Double(expected)))
        }
        if let left = snapshot.secondsLeft {
            families.append(gauge("left_seconds", "Expected until the end.", left))
        }
        if let launch = snapshot.launch {
            families.append(
                family(
                    "launched_workers", "Workers that the launcher keeps, and may keep at most.",
                    [
                        ("queued", launch.queued), ("running", launch.running),
                        ("maximum", launch.maximum),
                    ].map { ("{state=\"\($0)\"}", Double($1)) }))
        }
        return families.joined()
    }

    private func gauge(_ name: String, _ help: String, _ value: Double) -> String {
        family(name, help, [("", value)])
    }

    private func counter(_ name: String, _ help: String, _ value: Int) -> String {
        family(name, help, type: "counter", [("", Double(value))])
    }

    private func family(
        _ name: String, _ help: String, type: String = "gauge", _ values: [(String, Double)]
    ) -> String {
        "# HELP kdsweep_\(name) \(help)\n# TYPE kdsweep_\(name) \(type)\n"
            + values.map { "kdsweep_\(name)\($0) \(Self.number($1))\n" }.joined()
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    private func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }
}
