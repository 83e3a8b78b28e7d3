import Distillation
import Foundation
import Sweep

/// A forecast in words and tables.
struct PlanReport {
    let forecast: Forecast
    let understanding: Understanding
    /// Nil unless the seeds follow a precision.
    let seeds: SeedForecast?
    let workers: Int
    let threads: Int
    /// Whether the workers are this machine's, and share its memory.
    let isLocal: Bool
    /// The memory that this machine has, in bytes.
    let memory: Double
    let entry: SpeedFile.Entry

    /// The most lines that the table of tasks has.
    private static let mostTasks = 8

    init(
        _ forecast: Forecast, _ understanding: Understanding, seeds: SeedForecast? = nil,
        workers: Int, threads: Int,
        isLocal: Bool, memory: Double,
        entry: SpeedFile.Entry
    ) {
        self.forecast = forecast
        self.understanding = understanding
        self.seeds = seeds
        self.workers = workers
        self.threads = threads
        self.isLocal = isLocal
        self.memory = memory
        self.entry = entry
    }

    /// Lines, each with its line end.
    var text: String {
        var lines = [headline, ""] + labelled("grid", understanding.axes)
        if let features = understanding.features { lines += labelled("features", [features]) }
        lines += labelled("note", understanding.warnings)
        lines += labelled("seeds", seedLines)
        if forecast.storedCells > 0 { lines.append("stored   \(stored)") }
        guard forecast.tasksLeft > 0 else { return lines.joined(separator: "\n") + "\n" }
        lines += ["memory   \(memoryLine)"] + tooLarge + table
        lines += [
            "work     \(scaled(forecast.flops, "FLOP")) in products, factorisations and solves",
            "time     \(time)", "machine  \(machine)", "", parts, "", tasks,
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Lines

    private var headline: String {
        let sweep = forecast.sweep
        return "\(sweep.name): \(counted(sweep.grid.cellCount, "cell")), "
            + "\(counted(forecast.blockCount, "block")), \(counted(forecast.taskCount, "task"))"
    }

    /// The lines, the first of them after a label.
    private func labelled(_ label: String, _ lines: [String]) -> [String] {
        lines.enumerated().map { index, line in
            (index == 0 ? label : "").padding(toLength: 9, withPad: " ", startingAt: 0) + line
        }
    }

    private var stored: String {
        let stored =
            "\(counted(forecast.storedCells, "cell")) and all of \(counted(forecast.storedTasks, "task"))"
        return forecast.tasksLeft == 0
            ? "all: a run would only write the CSVs"
            : "\(stored); \(counted(forecast.cellsLeft, "cell")) in "
                + "\(counted(forecast.tasksLeft, "task")) left"
    }

    /// What is certain of the seeds, what is expected, and how many there may be.
    private var seedLines: [String] {
        guard let seeds else { return [] }
        func size(_ size: SeedForecast.Size) -> String {
            "\(counted(size.cells, "cell")), \(duration(size.seconds))"
        }
        let certain = "\(inWords(seeds.certain)) for each \(Axis.familyWords)"
        guard seeds.isOpen else { return ["\(certain): no more are needed"] }
        let expected =
            seeds.expected.map {
                "expected are \(inWords($0.fewestSeeds...$0.mostSeeds)), by the results that are stored: \(size($0))"
            }
            ?? "how many more it takes follows from their results"
        return [
            "\(certain) are certain; this plan is of these", expected,
            "at most \(seeds.most.mostSeeds): \(size(seeds.most))",
        ]
    }

    private var memoryLine: String {
        "\(scaled(forecast.memory, "B")) at the peak of the largest task; "
            + (isLocal
                ? "a worker may have \(scaled(share, "B"))"
                : "this machine has \(scaled(share, "B"))")
    }

    /// Bytes that a worker has. On the coordinator's machine the coordinator's copy of the table is taken off.
    private var share: Double {
        isLocal ? max(0, memory - forecast.sweep.tableMemory) / Double(workers) : memory
    }

    private var table: [String] {
        guard let table = forecast.sweep.table, let rows = table.rows, let bytes = table.bytes
        else {
            return []
        }
        let seconds = forecast.supplying(workers: workers)
        return [
            "table    \(counted(rows, "row")) of \(counted(table.features.count, "feature")), "
                + "\(scaled(Double(bytes), "B")): \(scaled(forecast.sweep.tableMemory, "B")) of memory in "
                + "each worker and in the coordinator, \(duration(seconds)) to read and send it"
        ]
    }

    private var tooLarge: [String] {
        let tasks = forecast.groups.filter { $0.memory > share }
        guard let largest = tasks.max(by: { $0.memory < $1.memory }) else { return [] }
        let count = tasks.reduce(0) { $0 + $1.count }
        return [
            "         too much for \(counted(count, "task")), which would fail: "
                + "\(largest.task.student), depth \(largest.task.depth) needs a worker with "
                + scaled(largest.memory, "B")
        ]
    }

    private var time: String {
        let seconds = forecast.seconds(workers: workers, local: isLocal)
        let total = forecast.makespan(workers: 1)
        let threads = threads == 1 ? "" : " of \(threads) threads"
        let place = isLocal ? "" : " on machines like this one"
        return "\(duration(seconds)) with \(counted(workers, "worker"))\(threads)\(place); "
            + "\(duration(total)) of work for one"
    }

    private var machine: String {
        let key = entry.key
        let day = entry.measuredAt.ISO8601Format(.iso8601.year().month().day())
        return "\(key.processorType), \(key.blas), measured on \(day) with "
            + "\(counted(key.processes, "process", "processes")) at once"
    }

    // MARK: Tables

    private var parts: String {
        let parts = forecast.allParts(workers: workers)
        let total = parts.reduce(0) { $0 + $1.seconds }
        return TextTable(
            [["WHAT TAKES THE TIME", "TIME", "SHARE"]]
                + parts.map { name, seconds in
                    [name, duration(seconds), "\(percent(seconds / total)) %"]
                }
        ).text
    }

    private var tasks: String {
        let shown = forecast.groups.prefix(Self.mostTasks)
        let table = TextTable(
            [
                [
                    "LONGEST TASKS", "DEPTH", "RIGHT-HAND SIDES", "CELLS", "TASKS", "TIME EACH",
                    "MEMORY",
                ]
            ]
                + shown.map { group in
                    let task = group.task
                    return [
                        task.student, "\(task.depth)", "\(task.rightHandSideCount)",
                        "\(task.wantedCount)", "\(group.count)", duration(group.seconds),
                        scaled(group.memory, "B"),
                    ]
                }
        ).text
        let others = forecast.groups.dropFirst(Self.mostTasks).reduce(0) { $0 + $1.count }
        return others == 0 ? table : "\(table)\nand \(counted(others, "shorter one"))"
    }
}
