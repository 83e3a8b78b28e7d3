import Testing

@testable import Sweep

/// How blocks of students at finite steps are sliced.
@Suite struct SlicingTests {
    private func sweep(
        width: [Width], model: [Model], steps: [Steps], sizes: [Int], ratios: Int = 11,
        noises: Int = 3, oracle: Int = 512
    ) -> Sweep {
        Sweep(
            name: "training",
            settings: Settings(
                learningTask: .gaussianMixture(
                    GaussianMixture(dimension: 4, components: 8, spread: 0.5, separation: 2)),
                student: .standard, teacherNoise: .gaussian, hardLabelSmoothing: 0.001,
                oracleSamples: oracle, testSamples: 500),
            grid: Grid(
                width: width, model: model, steps: steps, sampleSize: sizes,
                softRatio: (0..<ratios).map { Double($0) / 10 },
                teacherNoise: (0..<noises).map(Double.init), temperature: [1], depth: [3],
                ridge: [0], seed: [0]),
            metrics: Metric.allCases)
    }

    private func tasks(_ sweep: Sweep) -> [Block] {
        let tasks = sweep.tasks
        return (0..<tasks.count).map { tasks[$0] }
    }

    private var sweeps: [Sweep] {
        [
            sweep(
                width: [.finite(64)], model: [.network], steps: [.finite(10_000)],
                sizes: [16, 32, 64, 128, 256, 512]),
            sweep(
                width: [.finite(4), .finite(256), .infinite], model: [.linearised, .network],
                steps: [.finite(10), .infinite, .finite(1000)], sizes: [512, 8, 100]),
            sweep(
                width: [.infinite], model: [.linearised], steps: [.finite(10_000), .infinite],
                sizes: [16, 128, 512], noises: 30),
            sweep(
                width: [.finite(8)], model: [.network], steps: [.finite(1)], sizes: [1, 2, 3]),
        ]
    }

    @Test("Each cell that exists is in one task, and no other is in any")
    func partition() {
        for sweep in sweeps {
            var tasksOfCell = [Int](repeating: 0, count: sweep.grid.count)
            for (number, task) in tasks(sweep).enumerated() {
                #expect(task.number == number)
                task.forEachWanted { place, cell in
                    #expect(task.cellNumber(at: place) == cell)
                    let (solver, size, column) = task.places[place]
                    let own = sweep.grid[cell]
                    #expect(own.sampleSize == task.sampleSizes[size])
                    #expect(own.steps == task.steps(ofSolver: solver) && own.model == task.model)
                    #expect(own.softRatio == task.rightHandSide(column).softRatio)
                    tasksOfCell[cell] += 1
                }
            }
            for cell in 0..<sweep.grid.count {
                #expect(tasksOfCell[cell] == (sweep.grid.exists(cell) ? 1 : 0))
            }
        }
    }

    @Test("One kernel of networks feeds many workers, and students of hard labels stay together")
    func many() {
        let sweep = sweeps[0]
        let tasks = tasks(sweep)
        #expect(Set(tasks.map(\.kernel)).count == 1 && tasks.count > 40, "\(tasks.count)")
        for task in tasks {
            let ratios = (0..<task.rightHandSideCount).map { task.rightHandSide($0).softRatio }
            #expect(ratios.count { $0 == 0 } % sweep.grid.teacherNoise.count == 0)
        }
        #expect(self.tasks(sweeps[3]).count == 1)
    }

    @Test("Slices add about a quarter to the work at most")
    func work() {
        for sweep in sweeps {
            for number in 0..<sweep.blockCount where !sweep.block(number).wanted.isEmpty {
                let block = sweep.block(number)
                let slices = Slicing(sweep, block).slices
                let sum = slices.reduce(0) {
                    $0
                        + sweep.cost(
                            width: block.width, model: block.model, depth: block.depth, part: $1
                        ).work
                }
                let ratio = sum / sweep.cost(of: block).work
                #expect(ratio < 1.3, "\(block.student): \(slices.count) slices, \(ratio)")
            }
        }
    }

    @Test("Longer training costs more, and so does each stop's kernel where it is asked for")
    func cost() {
        func work(_ steps: [Steps], _ metrics: [Metric]) -> Double {
            var sweep = sweep(
                width: [.finite(64)], model: [.network], steps: steps, sizes: [128])
            sweep.metrics = metrics
            return sweep.cost(of: sweep.block(0)).work
        }
        let (short, long) = (
            work([.finite(100)], [.studentError]), work([.finite(10_000)], [.studentError])
        )
        // 22 students more or less, each some 6 n P operations a step.
        let step = 6.0 * 128 * Double(64 * 4 + 2 * 64 * 64 + 64)
        #expect((long - short) / (9900 * 31 * step) > 0.9)
        #expect(work([.finite(100)], [.sharpness]) > 1.01 * short)
        #expect(
            work([.finite(10), .finite(100)], [.sharpness]) > work([.finite(100)], [.sharpness]))
    }

    @Test("Values that are in no cell are found, with the reasons")
    func idleValues() {
        let all = sweeps[1].grid
        #expect(all.idleValues().isEmpty)
        var lone = all
        lone.width = [.infinite]
        #expect(lone.idleValues().map(\.value) == [.model(.network)])
        #expect(lone.idleValues()[0].reasons.contains("a network needs a finite width"))
        lone = all
        lone.model = [.network]
        #expect(Set(lone.idleValues().map(\.value)) == [.infinite])
        #expect(lone.idleValues().count == 2, "an infinite width and infinite steps")
        lone = all
        lone.ridge = [0, 0.1]
        #expect(lone.idleValues().isEmpty)
        lone.steps = [.finite(10)]
        #expect(lone.idleValues().map(\.value) == [.real(0.1)])
    }
}
