import Sweep

extension OperationCounts {
    /// Counts what `TrainingStage` does for one share of a block.
    mutating func countTraining(
        _ shape: BlockShape, _ share: Plan.Share, _ block: Block, _ activation: Activation,
        _ quantities: Quantities
    ) {
        guard let largest = share.trained.keys.map({ block.sampleSizes[$0] }).max() else { return }
        add(.training, .stream, 3 * Double(largest * largest))
        let isNetwork = block.model == .network
        if isNetwork {
            add(.training, .normal, shape.parameters)
            countNetwork(flops: shape.networkForward(shape.samples), shape)
        }
        for (size, wanted) in share.trained {
            let work = Work(
                n: Double(block.sampleSizes[size]), sides: wanted.columns.map(block.rightHandSide),
                steps: Double(wanted.stops.last?.steps ?? 0), stops: Double(wanted.stops.count))
            if !isNetwork || quantities.contains(.linearisation) {
                countLinearised(shape, work, quantities)
            }
            if isNetwork { countNetworks(shape, work, activation, quantities) }
            countMeasures(shape, work, wanted.columns.count, quantities)
            if quantities.contains(.sharpness) { countSharpness(work, isNetwork: isNetwork) }
        }
    }

    /// The training at one sample size.
    private struct Work {
        let n: Double
        /// The right-hand sides whose students take different steps.
        let sides: [RightHandSide]
        /// To the last stop; and how many stops there are.
        let steps, stops: Double

        init(n: Double, sides: [RightHandSide], steps: Double, stops: Double) {
            (self.n, self.steps, self.stops) = (n, steps, stops)
            let hard = sides.first { $0.softRatio == 0 }
            self.sides = sides.filter { $0.softRatio > 0 } + (hard.map { [$0] } ?? [])
        }

        var students: Double { Double(sides.count) }
        var panels: Double { (students / Double(NestedStudents.width)).rounded(.up) }
        /// How many sigmoids the derivatives of all losses at one sample have.
        var sigmoids: Double {
            sides.reduce(0) {
                $0 + ($1.softRatio == 0 || $1.temperature == 1 ? 1 : 2)
            }
        }
    }

    private mutating func countLinearised(
        _ shape: BlockShape, _ work: Work, _ quantities: Quantities
    ) {
        let (n, c) = (work.n, work.students)
        countProducts(work, count: work.steps)
        add(.training, .descent, work.steps * n * work.sigmoids)
        guard !quantities.isDisjoint(with: [.decisions, .linearisation]) else { return }
        add(.training, .product, work.stops * shape.predictions(from: n, c))
        add(.training, .productPass, work.stops * n * shape.M * work.panels)
        add(.training, .productOutput, work.stops * shape.M * c)
    }

    /// So many products of K_n with a column for each student.
    private mutating func countProducts(_ work: Work, count: Double) {
        let (n, c) = (work.n, work.students)
        add(.training, .step, order: Int(n), count * 2 * n * n * c)
        add(.training, .stepPass, order: Int(n), count * n * n * work.panels)
    }

    private mutating func countNetworks(
        _ shape: BlockShape, _ work: Work, _ activation: Activation, _ quantities: Quantities
    ) {
        let (n, c) = (work.n, work.students)
        countNetwork(flops: c * work.steps * shape.networkStep(n), shape)
        add(.training, .networkLayer, order: Int(shape.m ?? 0), c * work.steps * shape.L)
        if activation == .erf {
            add(.training, .erfUnit, c * work.steps * shape.networkUnits(n))
        }
        if !quantities.isDisjoint(with: [.decisions, .linearisation]) {
            countNetwork(flops: c * work.stops * shape.networkForward(shape.M), shape)
        }
        if !quantities.isDisjoint(with: [.sharpness, .kernelChange]) {
            add(.training, .product, c * work.stops * shape.networkKernel(n))
            add(.training, .finiteLayer, c * work.stops * shape.L * n * n / 2)
        }
    }

    private mutating func countNetwork(flops: Double, _ shape: BlockShape) {
        add(.training, .networkFlop, order: Int(shape.m ?? 0), flops)
    }

    /// How many products Lanczos' method takes for an eigenvalue of a tangent kernel, about.
    private static let lanczosSteps = 20.0

    private mutating func countSharpness(_ work: Work, isNetwork: Bool) {
        let (n, c, count) = (work.n, work.students, work.stops * Self.lanczosSteps)
        if isNetwork {
            add(.training, .stream, count * n * n * c)
        } else {
            countProducts(work, count: count)
        }
        add(.training, .scalar, count * 10 * n * c)
    }

    /// - Parameter columns: how many right-hand sides have cells.
    private mutating func countMeasures(
        _ shape: BlockShape, _ work: Work, _ columns: Int, _ quantities: Quantities
    ) {
        let samples = work.stops * work.n * work.students
        // Whether a loss has risen takes some six exponentials a sample, and how far it is from its least value
        // as many.
        let losses = quantities.contains(.losses) ? 2.0 : 1
        add(.training, .scalar, 6 * Self.exponential * losses * samples)
        if quantities.contains(.decisions) {
            add(.metrics, .testPoint, work.stops * Double(columns) * shape.M)
        }
    }
}
