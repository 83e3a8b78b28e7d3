import Foundation
import Sweep
import Testing

@testable import Distillation
@testable import kdsweep

/// What a plan says of a sweep, on a machine that is known.
struct PlanReportTests {
    /// A machine of 50 GFLOP/s on which all else takes a nanosecond.
    static let speed = RunSpeed(
        blocks: MachineSpeed(
            rates: Dictionary(
                uniqueKeysWithValues: Distillation.Operation.allCases.map {
                    ($0, .init(orders: [0], seconds: [$0.isFlop ? 2e-11 : 1e-9]))
                }),
            excess: .init(orders: [0], seconds: [1])),
        storing: 3e-6, exporting: 1e-6, starting: 0.07,
        table: TableTiming(reading: 1e-8, sending: 2e-9))

    private func text(
        _ sweep: Sweep, workers: Int = 2, local: Bool = true, memory: Double = 8e9,
        isStored: ((Int) -> Bool)? = nil
    ) -> String {
        let key = SpeedFile.Key(processes: 2, threads: 1)
        var entry = SpeedFile.Entry(
            key: key, measuredAt: Date(timeIntervalSince1970: 1_800_000_000), speed: Self.speed)
        entry.key.processorType = "AMD EPYC 9R14"
        entry.key.blas = "OpenBLAS 0.3.21 Zen"
        let forecast = Forecast(sweep, isStored: isStored, speed: Self.speed)
        return PlanReport(
            forecast, Understanding(sweep, repeatedRows: 0), workers: workers, threads: 1,
            isLocal: local, memory: memory, entry: entry
        ).text
    }

    private static let quickstart = Result {
        try Sweep(
            file: Repository.file("sweeps/quickstart.yaml"))
    }

    @Test("The plan of the quickstart on a machine that is known")
    func snapshot() throws {
        try expectSnapshot(text(try Self.quickstart.get()), "plan.txt")
    }

    @Test(
        "Of seeds by precision the plan is of the certain ones, and says what is expected and possible"
    )
    func seeds() throws {
        let quickstart = try Self.quickstart.get()
        let sweep = Sweep(
            name: quickstart.name, settings: quickstart.settings, grid: quickstart.grid,
            metrics: quickstart.metrics,
            precision: Precision(atLeast: 2, targets: [.init(metric: .studentError, error: 0.1)]))
        func seconds(_ sweep: Sweep) -> Double {
            Forecast(sweep, isStored: nil, speed: Self.speed).seconds(workers: 2, local: true)
        }
        var course = try #require(SeedCourse(of: sweep))
        let fresh = SeedForecast(sweep, course, seconds: seconds)
        #expect(fresh.isOpen && fresh.expected == nil)
        #expect(fresh.certain == 2...2 && fresh.most.cells == 3072)
        #expect(seconds(sweep) < fresh.most.seconds)
        #expect(fresh.most.seconds == seconds(quickstart))
        let certain = Forecast(sweep, isStored: nil, speed: Self.speed)
        #expect(certain.taskCount == 6 && certain.blockCount == 6 && certain.cellsLeft == 768)
        let metrics = sweep.metrics.count
        // The first width's errors are 0 and 0.3: a standard error of 0.15, which asks for 2.25 times as many seeds.
        for cell in 0..<sweep.grid.count where sweep.grid.exists(cell) {
            guard sweep.grid[cell].width == .finite(64) else { continue }
            let error = Double(sweep.grid[cell].seed) * 0.3
            course.note(
                Row(
                    cell: cell, status: .ok,
                    values: [Double](repeating: error, count: metrics)))
        }
        _ = course.advance()
        let known = SeedForecast(sweep, course, seconds: seconds)
        #expect(known.certain == 2...5)
        #expect(sweep.grid.cellCount(seeds: course.counts) == 128 * (5 + 2 + 2))
        #expect(known.expected?.cells == 128 * 15, "the others are taken to need as many")
    }

    @Test("What is stored already, and what is left of it")
    func stored() throws {
        let sweep = try Self.quickstart.get()
        // Two of eight seeds, and one soft ratio of the others.
        let half = text(sweep, isStored: { $0 % 8 < 2 || sweep.grid[$0].softRatio == 0 })
        let lines = half.split(separator: "\n")
        #expect(
            lines.contains("stored   1,056 cells and all of 6 tasks; 2,016 cells in 18 tasks left"),
            "\(half)")
        #expect(
            text(sweep, isStored: { _ in true })
                == """
                quickstart: 3,072 cells, 24 blocks, 24 tasks

                grid     width          64, 256, inf
                         model          linearised
                         steps          inf
                         sample_size    16, 28, 49, ... 800 (8 values)
                         soft_ratio     0.0, 0.05, 0.1, ... 1.0 (8 values)
                         teacher_noise  0.0, 1.0
                         temperature    1.0
                         depth          3
                         ridge          0.0
                         seed           0, 1, 2, ... 7 (8 values)
                stored   all: a run would only write the CSVs

                """)
    }

    @Test("A task too large for the workers is named, with what it needs")
    func tooLarge() throws {
        let sweep = try Self.quickstart.get()
        let plan = text(sweep, memory: 260e6)
        #expect(
            plan.contains(
                "too much for 16 tasks, which would fail: width 256, depth 3 needs a worker with 147 MB"
            ), "\(plan)")
        #expect(!text(sweep, workers: 1, memory: 260e6).contains("too much"))
    }

    @Test("More workers than a machine has cores are on machines like it, each with its memory")
    func otherMachines() throws {
        let plan = text(try Self.quickstart.get(), workers: 20, local: false, memory: 150e6)
        #expect(plan.contains(" with 20 workers on machines like this one;"), "\(plan)")
        #expect(plan.contains("this machine has 150 MB\n") && !plan.contains("too much"))
    }

    @Test("A table is in the memory and in the time, and in a worker's share")
    func table() throws {
        var sweep = try Self.quickstart.get()
        let plain = text(sweep)
        #expect(!plain.contains("table"), "\(plain)")
        sweep.settings.learningTask = .table(
            TableReference(
                file: "/t.csv", digest: "", label: "y", teacherLogit: "z",
                features: (0..<800).map { "x\($0)" }, rows: 100_000, bytes: 1_400_000_000))
        let plan = text(sweep)
        #expect(
            plan.contains(
                "table    100,000 rows of 800 features, 1.4 GB: 2.1 GB of memory in each worker and in the "
                    + "coordinator, 34 s to read and send it\n"), "\(plan)")
        #expect(plan.contains("a worker may have 3.0 GB"), "\(plan)")
        #expect(plan.contains("reading and sending the table"), "\(plan)")
        #expect(text(sweep, memory: 6e9).contains("too much for 24 tasks"))
        let forecast = Forecast(sweep, isStored: nil, speed: Self.speed)
        let summary = forecast.summary(workers: 2, threads: 1, local: true)
        #expect(summary.memory > summary.tableMemory && summary.tableMemory > 2e9)
        #expect(summary.seconds > 33.6)
        // 1e-8 s a byte in the coordinator and in the workers at once, 2e-9 to send it to each.
        #expect(abs(forecast.supplying(workers: 2) - 33.6) < 1e-9)
    }

    @Test("Of trainings too, the time is the sum of all tasks'", arguments: [40, 3000])
    func groups(steps: Int) throws {
        let workspace = try Workspace()
        try workspace.write(
            "sweep.yaml",
            """
            task: {kind: gaussian-mixture, dimension: 3, components: 2, spread: 0.5, separation: 1}
            oracle_samples: 64
            test_samples: 50
            grid:
              model: [linearised, network]
              width: [8, 16, inf]
              steps: [10, \(steps), inf]
              sample_size: [8, 64]
              soft_ratio: [1, 0.5, 0]
              teacher_noise: [0, 1]
              depth: 2
              seed: [0, 1, 2]
            """)
        let sweep = try Sweep(file: workspace.folder.appendingPathComponent("sweep.yaml"))
        let tasks = sweep.tasks
        #expect(Set(tasks.all.map(\.kernel)).count < tasks.count, "there are slices")
        let forecast = Forecast(sweep, isStored: nil, speed: Self.speed)
        #expect(forecast.groups.reduce(0) { $0 + $1.count } == tasks.count)
        #expect(forecast.groups.count < tasks.count)
        var parts: [Part: Double] = [:]
        for number in 0..<tasks.count {
            let work = OperationCounts(of: tasks[number], in: sweep)
            parts.merge(Self.speed.blocks.seconds(of: work), uniquingKeysWith: +)
        }
        #expect(Set(parts.keys) == Set(forecast.parts.keys))
        for (part, seconds) in parts {
            #expect(abs(forecast.parts[part]! / seconds - 1) < 1e-9, "\(part)")
        }
    }

    @Test("The last worker ends no later than the mean and the longest task allow, nor earlier")
    func makespan() throws {
        let forecast = Forecast(
            try Self.quickstart.get(), isStored: nil, speed: Self.speed)
        let total = forecast.makespan(workers: 1)
        let longest = forecast.groups[0].seconds
        #expect(abs(total / forecast.parts.values.reduce(0, +) - 1) < 1e-12)
        for workers in 1...30 {
            let time = forecast.makespan(workers: workers)
            let mean = total / Double(workers)
            #expect(max(mean, longest) <= time * (1 + 1e-12) && time <= mean + longest)
        }
        #expect(forecast.makespan(workers: 24) == longest)
    }
}
