import CElementwise
import Foundation
import LinearAlgebra
import Sweep

/// What one student is trained for: the mean over its samples of the loss of one right-hand side.
struct Objective: Sendable {
    let loss: DistillationLoss
    /// Of the N training samples: z_t, y_g, z_eff, and what the loss' derivative subtracts.
    private let teacher: ArraySlice<Double>
    private let labels: ArraySlice<Decision>
    private let targets: [Double]
    let pull: [Double]

    /// - Parameter z: z_eff of the N training samples.
    init(
        _ side: RightHandSide, z: UnsafePointer<Double>, targets: Targets
    ) {
        let loss = targets.loss(side)
        self.loss = loss
        teacher = targets.teacher(noiseLevel: side.teacherNoise).logits[..<targets.training]
        labels = targets.labels[..<targets.training]
        self.targets = Array(UnsafeBufferPointer(start: z, count: targets.training))
        pull = zip(teacher, labels).map(loss.pull)
    }

    /// r/n: what a sum of gradients over the samples is multiplied by. 0 where no step changes anything.
    ///
    /// - Parameter norm: ||K_n||
    func rate(_ training: Training, norm: Double) -> Double {
        norm == 0 ? 0 : training.learningRate / (loss.largestCurvature * norm)
    }

    /// Whether the loss at these logits is above that of the student that training began with, or isn't a number.
    func hasRisen(_ u: UnsafePointer<Double>, count: Int) -> Bool {
        var rise = 0.0
        for i in 0..<count { rise += loss.rise(u[i], teacher: teacher[i], label: labels[i]) }
        return !(rise <= 0)
    }

    /// How far the loss is from its least value, in nats.
    func excess(_ u: UnsafePointer<Double>, count: Int) -> Double {
        var excess = 0.0
        for i in 0..<count { excess += loss.excess(u[i], over: targets[i]) }
        return excess / Double(count)
    }

    /// How far these logits are from z_eff; nil if every z_eff is 0.
    func residual(_ u: UnsafePointer<Double>, count: Int) -> Double? {
        Distillation.residual(of: u, from: targets, count: count)
    }

    /// sqrt(l''(u_i))
    func rootsOfCurvature(_ u: UnsafePointer<Double>, count: Int) -> [Double] {
        (0..<count).map { loss.curvature(u[$0]).squareRoot() }
    }

    /// a . f_N(X_n), for an oracle f_N that fits its targets.
    func product(_ weights: UnsafePointer<Double>, count: Int) -> Double {
        dot(weights, targets, count: count)
    }
}

/// The objectives of some right-hand sides: those that ask for the same steps share one.
struct Objectives: Sendable {
    private(set) var all: [Objective] = []
    /// For each right-hand side its objective, and for each objective its first right-hand side.
    private(set) var numbers: [Int] = []
    private(set) var first: [Int] = []

    /// - Parameter z: z_eff, N x c.
    init(_ sides: [RightHandSide], z: View, targets: Targets) {
        var hard: Int?
        for (column, side) in sides.enumerated() {
            // For hard labels alone neither the teacher's noise nor the temperature changes anything.
            if side.softRatio == 0, let hard {
                numbers.append(hard)
                continue
            }
            if side.softRatio == 0 { hard = all.count }
            numbers.append(all.count)
            first.append(column)
            all.append(Objective(side, z: z.column(column), targets: targets))
        }
    }
}
