import HeapModule
import Distillation
import Foundation
import Results
import Sweep

/// What a run of a sweep would do, and how long it would take on machines like a measured one.
struct Forecast {
    /// Tasks that differ only in their seeds and in the values of their right-hand sides.
    struct Group {
        /// One of these tasks.
        var task: Block
        /// How many there are.
        var count = 1
        /// Of each task: bytes at its peak, floating-point operations, and seconds by part.
        var memory: Double
        var flops: Double
        var parts: [Part: Double]

        /// Seconds of each task.
        var seconds: Double { parts.values.reduce(0, +) }
    }

    let sweep: Sweep
    /// How many cells, and whole tasks, are stored already.
    let storedCells: Int
    let storedTasks: Int
    let taskCount: Int
    /// How many blocks have cells.
    let blockCount: Int
    /// The tasks that are left to be computed, the longest first.
    let groups: [Group]
    let speed: RunSpeed

    /// - Parameter isStored: whether the cell of this number is stored; nil where none is, so that not
    ///   every cell has to be looked at.
    init(_ sweep: Sweep, isStored: ((Int) -> Bool)?, speed: RunSpeed) {
        let isTrained = sweep.grid.steps.contains { $0 != .infinite }
        var groups: [Likeness: Group] = [:]
        var (tasks, blocks, left, cellsLeft) = (0, 0, 0, 0)
        var lastKernel: Int?
        for whole in sweep.tasks.all where sweep.grid.hasBlock(whole.kernel) {
            tasks += 1
            if whole.kernel != lastKernel { blocks += 1 }
            lastKernel = whole.kernel
            guard let task = isStored.map({ isStored in whole.narrowed { !isStored($0) } }) ?? whole
            else { continue }
            left += 1
            cellsLeft += task.wantedCount
            let likeness = Likeness(task, isTrained: isTrained)
            if groups[likeness] == nil {
                groups[likeness] = Self.group(of: task, in: sweep, speed)
            }
            groups[likeness]!.count += 1
        }
        self.sweep = sweep
        storedCells = sweep.grid.cellCount - cellsLeft
        self.speed = speed
        taskCount = tasks
        blockCount = blocks
        storedTasks = tasks - left
        // Tasks of equal length are ordered by number, so that the plan is the same each time.
        self.groups = groups.values.sorted {
            ($1.seconds, $0.task.number) < ($0.seconds, $1.task.number)
        }
    }

    /// A group for tasks like this one, with no task counted yet.
    private static func group(of task: Block, in sweep: Sweep, _ speed: RunSpeed) -> Group {
        let work = OperationCounts(of: task, in: sweep)
        return Group(
            task: task, count: 0, memory: sweep.cost(of: task).memory, flops: work.flops,
            parts: speed.blocks.seconds(of: work))
    }

    private struct Likeness: Hashable {
        var width: Width
        var model: Model
        var depth: Int
        var sampleSizes: [Int]
        var rightHandSides: Int
        /// Hard labels' students take the same steps, so they are trained once.
        var softSides: Int
        var wanted: [Range<Int>]

        init(_ task: Block, isTrained: Bool) {
            width = task.width
            model = task.model
            sampleSizes = task.sampleSizes
            depth = task.depth
            rightHandSides = task.rightHandSideCount
            softSides =
                isTrained
                ? (0..<rightHandSides).count { task.rightHandSide($0).softRatio > 0 } : 0
            wanted = task.wanted
        }
    }

    // MARK: Sums

    var cellsLeft: Int { sweep.grid.cellCount - storedCells }
    var tasksLeft: Int { taskCount - storedTasks }
    var flops: Double { groups.reduce(0) { $0 + Double($1.count) * $1.flops } }
    /// Bytes at the peak of the largest task; 0 where no task is left.
    var memory: Double { groups.map(\.memory).max() ?? 0 }

    /// Seconds of all tasks, by part.
    var parts: [Part: Double] {
        groups.reduce(into: [:]) { sums, group in
            for (part, seconds) in group.parts {
                sums[part, default: 0] += Double(group.count) * seconds
            }
        }
    }

    // MARK: Time

    /// Seconds that the coordinator is busy with messages and the store.
    var storing: Double {
        speed.storing * (Double(cellsLeft) + Self.rowsOfATask * Double(tasksLeft))
    }
    /// Seconds in which the CSVs are written.
    var exporting: Double { speed.exporting * Double(sweep.grid.cellCount) }

    /// A task's messages, its commit and its lease cost the coordinator as much as this many rows.
    private static let rowsOfATask = 8.0

    /// Seconds in which the coordinator reads the table and sends it to the workers, and these read it. All
    /// workers read it at the same time, so their reading counts once.
    func supplying(workers: Int) -> Double { supplying(workers: workers, readAtOnce: true) }

    /// - Parameter readAtOnce: whether the workers' reading counts once; false for the sum over all
    ///   processors.
    private func supplying(workers: Int, readAtOnce: Bool) -> Double {
        let bytes = Double(sweep.table?.bytes ?? 0)
        let workers = Double(min(workers, tasksLeft))
        let readings = 1 + (readAtOnce ? min(1, workers) : workers)
        return bytes * (readings * speed.table.reading + workers * speed.table.sending)
    }

    /// Seconds from the command to the CSVs.
    ///
    /// - Parameter local: whether the workers take all cores of the machine that the coordinator is on.
    func seconds(workers: Int, local: Bool) -> Double {
        let solving = makespan(workers: workers)
        let computing =
            local ? solving + storing / Double(workers) : max(solving, storing)
        return speed.starting + supplying(workers: workers) + computing + exporting
    }

    /// Seconds until the last of the workers is done, where each takes the longest task that is left.
    /// O(tasks log(workers)).
    func makespan(workers: Int) -> Double {
        var ends = Heap((0..<min(workers, max(1, tasksLeft))).map { _ in 0.0 })
        for group in groups {
            for _ in 0..<group.count { ends.replaceMin(with: ends.min! + group.seconds) }
        }
        return ends.max ?? 0
    }
}

extension Forecast {
    /// The plan's results, for other programs. Times are seconds, memory is bytes.
    struct Summary: Codable, Hashable {
        /// Raised when a key changes its meaning or goes; new keys don't count.
        var version = 1
        var sweep: String
        var cells: Int
        var storedCells: Int
        var blocks: Int
        var tasks: Int
        var storedTasks: Int
        /// At the peak of the largest task.
        var memory: Double
        var flops: Double
        var workers: Int
        var threads: Int
        /// What the table takes in the coordinator, and in each worker as a part of `memory`; 0 without one.
        var tableMemory: Double
        /// From the command to the CSVs.
        var seconds: Double
        /// The longest first.
        var parts: [PartOfRun]
        /// Where seeds follow a precision, all else being of those that are certain: the run with the seeds that are
        /// expected, nil while nothing tells how many, and with all that there may be.
        var expected: SeedForecast.Size?
        var most: SeedForecast.Size?
    }

    /// One kind of work, and its seconds, summed over all processors.
    struct PartOfRun: Codable, Hashable {
        var name: String
        var seconds: Double
    }

    /// - Parameter local: as in `seconds(workers:local:)`.
    func summary(
        workers: Int, threads: Int, local: Bool, seeds: SeedForecast? = nil
    ) -> Summary {
        Summary(
            sweep: sweep.name, cells: sweep.grid.cellCount, storedCells: storedCells,
            blocks: blockCount, tasks: taskCount, storedTasks: storedTasks, memory: memory,
            flops: flops, workers: workers, threads: threads,
            tableMemory: sweep.tableMemory,
            seconds: seconds(workers: workers, local: local),
            parts: allParts(workers: workers).map { PartOfRun(name: $0.name, seconds: $0.seconds) },
            expected: seeds?.expected, most: seeds?.most)
    }

    /// Seconds of each part of a run, those that take any, the longest first.
    func allParts(workers: Int) -> [(name: String, seconds: Double)] {
        let solving = parts
        let all =
            Part.allCases.map { ($0.rawValue, solving[$0] ?? 0) } + [
                ("storing", storing), ("writing the CSVs", exporting),
                ("starting", speed.starting),
                (
                    "reading and sending the table",
                    supplying(workers: workers, readAtOnce: false)
                ),
            ]
        return all.filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }
    }
}
