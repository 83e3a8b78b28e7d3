/// What a block trains at finite steps, and what a step of it takes.
public struct TrainingShape: Sendable {
    /// Of the sizes that are trained.
    public let sampleSizes: [Double]
    /// How many students of each sample size are trained: right-hand sides that ask for the same count as one.
    public let students: Double
    /// Steps to the last stop, and how many stops there are.
    public let steps, stops: Double

    /// Nil if nothing is trained.
    init?(_ grid: Grid, _ part: Block.Part) {
        let finite = grid.finiteSteps
        guard let longest = finite.max(), !part.sizes.isEmpty else { return nil }
        sampleSizes = grid.sampleSize[part.sizes].map(Double.init)
        let alike = grid.hardSides.map { part.columns.clamped(to: $0).count } ?? 0
        students = Double(part.columns.count - max(0, alike - 1))
        steps = Double(longest)
        stops = Double(finite.count)
    }
}

extension Grid {
    /// The finite values of `steps`, in the order given.
    var finiteSteps: [Int] {
        steps.compactMap { if case .finite(let count) = $0 { count } else { nil } }
    }

    /// The right-hand sides of hard labels alone, by their numbers; nil if there are none. Their students take the
    /// same steps, as neither the teacher's noise nor the temperature changes anything.
    fileprivate var hardSides: Range<Int>? {
        let each = teacherNoise.count * temperature.count
        return softRatio.firstIndex(of: 0).map { $0 * each..<($0 + 1) * each }
    }

    /// The right-hand sides, by their numbers, in groups whose students take the same steps.
    var trainedSides: [Range<Int>] {
        let (all, hard) = (0..<numbering.sides.count, hardSides ?? 0..<0)
        let lone = { (sides: Range<Int>) in sides.map { $0..<$0 + 1 } }
        return lone(all.lowerBound..<hard.lowerBound) + (hard.isEmpty ? [] : [hard])
            + lone(hard.upperBound..<all.upperBound)
    }
}

extension BlockShape {
    /// The shape of a network without samples.
    public static func network(width: Int, depth: Int, dimension: Int) -> BlockShape {
        BlockShape(
            N: 0, M: 0, d: Double(dimension), L: Double(depth), m: Double(width))
    }

    // MARK: Linearised students

    /// A step of c linearised students of n samples: K a.
    public func linearisedStep(_ n: Double, _ c: Double) -> Double { 2 * n * n * c }

    /// What a step takes however few students there are: K is read, which takes as long as the products of so many.
    func linearisedPass(_ n: Double) -> Double { linearisedStep(n, 12) }

    // MARK: Networks

    /// P: weights and biases.
    public var parameters: Double {
        guard let m else { return 0 }
        return firstWeights + laterWeights + m + L * m + 1
    }

    /// A forward pass of n samples.
    public func networkForward(_ n: Double) -> Double {
        2 * n * (firstWeights + laterWeights + (m ?? 0))
    }

    /// A step of one network: forward, backward to the first layer, and the gradient of all weights; 6 n P for a
    /// wide one.
    public func networkStep(_ n: Double) -> Double {
        n * (4 * firstWeights + 6 * laterWeights + 4 * (m ?? 0))
    }

    /// Units that a step of one network passes through, forward and backward.
    public func networkUnits(_ n: Double) -> Double { 2 * n * (m ?? 0) * L }

    /// Gram products of a network's own kernel at n samples.
    public func networkKernel(_ n: Double) -> Double { 2 * n * n * (m ?? 0) * L + networkStep(n) }

    /// How often a product of a step is begun: three times a layer, less those of the first layer.
    public var networkCalls: Double { 3 * L + 2 }
}
