import CElementwise
import LinearAlgebra
import Sweep

extension SpeedMeasurement {
    /// Measures steps of networks of some widths, with many samples and with few, and what the elements of linearised
    /// students take.
    mutating func training() {
        let width = Double(threads.count)
        // Networks of these widths are trained on one thread each, so many at once.
        if threads.count > 1 { setBLASThreads(1) }
        for m in [8, 32, 128, 384] {
            let (many, few) = (256, 16)
            let shape = BlockShape.network(width: m, depth: Self.depth, dimension: Self.dimension)
            let (long, short) = (step(width: m, samples: many), step(width: m, samples: few))
            let flops = (shape.networkStep(Double(many)), shape.networkStep(Double(few)))
            let flop = max(0, long - short) / (flops.0 - flops.1)
            note(.networkFlop, order: m, flop / width)
            note(
                .networkLayer, order: m,
                // Never nearly 0: between two widths it is interpolated in its logarithm.
                max(short - flop * flops.1, 0.1 * short) / Double(Self.depth) / width)
        }
        if threads.count > 1 { setBLASThreads(threads.count) }
        let n = 4096
        let values = filled(rows: n, columns: 4)
        let loss = elementwise_loss(soft: 0.5, inverse_temperature: 1, hard: 0.5)
        note(
            .descent,
            time("descent") {
                elementwise_descend(
                    loss, values.view.column(0), values.view.column(1), values.view.column(2),
                    values.view.column(3), 0.9, 1e-9, n)
            } / Double(n) / width)
    }

    private static let (depth, dimension) = (3, 8)

    /// Seconds of a step of one network.
    private mutating func step(width: Int, samples n: Int) -> Double {
        let layout = NetworkLayout(
            student: student(.relu), dimension: Self.dimension, width: width, depth: Self.depth,
            seed: 1)
        let pass = NetworkPass(layout, samples: n, threads: Threads(1))
        let inputs = filled(rows: Self.dimension, columns: n)
        let x = networkInputs(inputs.view, layout)
        let weights = layout.initialWeights()
        let velocity = Matrix.zeros(rows: layout.count, columns: 1)
        let logits = filled(rows: n, columns: 2)
        return time("network \(width) \(n)") {
            pass.forward(weights.view, x.view, into: logits.view.column(0))
            elementwise_loss_gradient(
                elementwise_loss(soft: 0.5, inverse_temperature: 1, hard: 0.5),
                logits.view.column(0), logits.view.column(1), logits.view.column(0), n)
            pass.descend(
                weights.view, x.view, logits.view.column(0), momentum: 0.9, velocity: velocity.view)
            add(-1e-9, velocity.view.start, to: weights.view.start, count: layout.count)
        }
    }
}
