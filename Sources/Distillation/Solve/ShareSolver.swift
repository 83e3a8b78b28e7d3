import LinearAlgebra
import Sweep

/// Makes the rows of one ridge: the limits of training, and the students at finite steps that are compared with
/// them.
final class ShareSolver {
    private let share: Plan.Share
    private let block: Block
    private let targets: Targets
    private let quantities: Quantities
    private let solve: NestedSolve
    private let training: TrainingStage?
    /// Positions of the sample sizes by ascending size, since each limit is computed from the one before; and the
    /// sizes. The first `solvable` of them have a limit.
    private let order: [Int]
    private let sizes: [Int]
    private let solvable: Int
    /// Nil if no metric needs them, or where there is no oracle.
    private let radii: Radii?
    /// By size, of those that have a limit; empty if no metric needs them.
    private let conditions: [Double]

    private static let overflow =
        "the solve overflows: the logits are too large for this kernel"

    /// Factors the kernel.
    ///
    /// - Parameters:
    ///   - kernel: Must outlive this value.
    ///   - network: what networks start from; nil for linearised students.
    ///   - isLast: whether no other share needs the kernel afterwards.
    init(
        _ share: Plan.Share, block: Block, sweep: Sweep, kernel: borrowing Kernel,
        network: NetworkStart?, targets: Targets, quantities: Quantities, isLast: Bool,
        threads: Threads
    ) {
        self.share = share
        self.block = block
        self.targets = targets
        self.quantities = quantities
        let all = block.sampleSizes
        let solve = NestedSolve(
            kernel: kernel, ridge: share.ridge,
            testPoints: share.limitQuantities(quantities).contains(.decisions),
            isLast: isLast && share.trained.isEmpty, threads: threads)
        let trained = share.trained.keys.map { all[$0] }.sorted()
        training =
            trained.isEmpty
            ? nil
            : TrainingStage(
                kernel: kernel,
                norms: Dictionary(uniqueKeysWithValues: zip(trained, solve.norms(trained))),
                network: network, training: sweep.settings.training, quantities: quantities,
                threads: threads)
        let order = share.sizes.sorted { all[$0] < all[$1] }
        let sizes = order.map { all[$0] }
        let rank = solve.rank
        let solvable = sizes.filter { $0 <= rank }
        radii =
            quantities.contains(.radii) && rank == targets.training
            ? Radii(
                solve, diagonal: kernel.diagonal[targets.training...],
                sizes: solvable) : nil
        conditions = quantities.contains(.conditions) ? solve.conditions(solvable) : []
        (self.order, self.sizes, self.solvable) = (order, sizes, solvable.count)
        self.solve = solve
    }

    /// The rows of some right-hand sides at a time.
    func fill(_ rows: inout RowBuilder) {
        for columns in share.columns.chunks(of: NestedStudents.width) {
            let sides = columns.map(block.rightHandSide)
            let z = targets.effectiveLogits(sides)
            let limits = NestedStudents(
                z.view, sizes: Array(sizes[..<solvable]), solve: solve,
                quantities: share.limitQuantities(quantities))
            let corrections =
                quantities.contains(.corrections)
                ? Corrections(z.view, sides, sizes: sizes, targets: targets) : nil
            let readers = columns.indices.map { j in
                MetricReader(
                    oracle: limits.solution.oracle, column: j,
                    teacher: targets.teacher(noiseLevel: sides[j].teacherNoise),
                    testLabels: targets.testLabels, corrections: corrections, radii: radii,
                    conditions: conditions)
            }
            if let solver = share.limit { fill(&rows, columns, solver, readers, limits) }
            if let training {
                let objectives = Objectives(sides, z: z.view, targets: targets)
                fill(&rows, columns, readers, limits, objectives, training)
            }
        }
    }

    /// The rows of the limits.
    private func fill(
        _ rows: inout RowBuilder, _ columns: [Int], _ solver: Int, _ readers: [MetricReader],
        _ limits: NestedStudents
    ) {
        for (j, column) in columns.enumerated() {
            for (index, size) in order.enumerated() {
                let place = block.places.number(solver: solver, size: size, column: column)
                if limits.overflows[j] {
                    rows.fail(place, reason: Self.overflow)
                } else if index < solvable {
                    rows.fill(place, as: .ok) {
                        readers[j].forEach(
                            limits.solution.stops[index], student: j, size: index, $0)
                    }
                } else {
                    rows.fill(place, as: .singular) { $0(.teacherError, readers[j].teacherError) }
                }
            }
        }
    }

    /// The rows of the students at finite steps.
    private func fill(
        _ rows: inout RowBuilder, _ columns: [Int], _ readers: [MetricReader],
        _ limits: NestedStudents, _ objectives: Objectives, _ training: TrainingStage
    ) {
        for (index, size) in order.enumerated() {
            guard let wanted = share.trained[size] else { continue }
            let chosen = columns.indices.filter { wanted.columns.contains(columns[$0]) }
            let students = Set(chosen.map { objectives.numbers[$0] }).sorted()
            let norms = limits.solution.oracle?.norms ?? []
            let stops = training.students(
                samples: sizes[index], stops: wanted.stops.map(\.steps),
                objectives: students.map { objectives.all[$0] },
                oracleNorms: norms.isEmpty ? [] : students.map { norms[objectives.first[$0]] })
            let positions = Dictionary(uniqueKeysWithValues: zip(students, students.indices))
            for (stop, (_, solver)) in zip(stops, wanted.stops) {
                for j in chosen {
                    let place = block.places.number(solver: solver, size: size, column: columns[j])
                    let student = positions[objectives.numbers[j]]!
                    let reader = readers[j]
                    if stop.hasDiverged[student] {
                        rows.fill(place, as: .diverged) { $0(.teacherError, reader.teacherError) }
                    } else {
                        let limit =
                            index < solvable && !limits.overflows[j]
                            ? limits.solution.stops[index] : nil
                        rows.fill(place, as: .ok) {
                            reader.forEach(stop, student: student, size: index, limit: limit, $0)
                        }
                    }
                }
            }
        }
    }
}

extension Array {
    /// The elements in order, in arrays of `size`; the last may be shorter.
    fileprivate func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
