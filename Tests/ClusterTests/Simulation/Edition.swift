import Sweep

@testable import Cluster

/// The simulation's sweep as a coordinator has it: it may be edited between two coordinators' lives. A
/// seed is a task of four cells, and stays the same work when others are added before it; its number
/// doesn't.
struct Edition {
    private(set) var sweep: Sweep
    private(set) var digest: String
    /// How often the settings were changed: nothing that was computed before counts after.
    private(set) var revision = 0
    var threads = 1

    /// A cell at rest.
    struct Place: Hashable {
        var seed: Int
        var place: Int
    }

    init() {
        sweep = ClusterTests.sweep
        sweep.grid = Grid(
            width: [.infinite], sampleSize: [4, 8], softRatio: [0, 1], teacherNoise: [0],
            temperature: [1], depth: [1], ridge: [0], seed: (0...90).map { $0 })
        digest = sweep.digest
    }

    /// A seed more, before the others: every number is another task's than before.
    mutating func addSeed() {
        sweep.grid.seed.insert(1000 + sweep.grid.seed.count, at: 0)
        digest = sweep.digest
    }

    /// What didn't converge does from now on.
    mutating func mend() {
        revision += 1
        sweep.settings.hardLabelSmoothing /= 2
        digest = sweep.digest
    }

    func number(ofSeed seed: Int) -> Int { sweep.grid.seed.firstIndex(of: seed)! }

    func seed(ofTask number: Int) -> Int { sweep.grid.seed[number] }

    /// The seed's task with all its cells.
    func block(ofSeed seed: Int) -> Block { sweep.tasks[number(ofSeed: seed)] }

    /// What a solve of the wanted cells gives: other numbers for each cell and revision.
    func rows(of block: Block) -> [Row] {
        block.wanted.joined().map { place in
            let value = Double(4 * block.seed + place + 1)
            return Row(
                cell: block.cellNumber(at: place), status: .ok,
                values: [1 / value, 0.5, value + Double(revision) / 16])
        }
    }
}
