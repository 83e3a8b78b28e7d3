import LinearAlgebra
import Sweep

/// What is measured of one network at its stops.
struct NetworkMeasures {
    let quantities: Quantities
    /// n
    let samples: Int
    /// K_n at w_0.
    let kernel: View
    let start: NetworkStart
    let objective: Objective
    /// f of the linearised student at the test points, by stop; empty if no metric needs it.
    let references: [[Double]]

    /// A stop of one student. If not everything was finite, or the loss has risen, nothing else is measured.
    func stop(
        of run: NetworkTraining, _ number: Int, isFinite: Bool
    ) -> Solution.Stop {
        var stop = Solution.Stop()
        let needsTest = !quantities.isDisjoint(with: [.decisions, .linearisation])
        let logits = isFinite && needsTest ? run.testLogits() : []
        stop.hasDiverged = [
            !isFinite || objective.hasRisen(run.fit, count: samples)
                || !logits.allSatisfy(\.isFinite)
        ]
        if quantities.contains(.decisions) {
            stop.decisions =
                logits.isEmpty
                ? [Decision](repeating: 0, count: start.test.rows) : logits.map(decision)
        }
        if quantities.contains(.linearisation) {
            stop.linearised = references[number].map(decision)
        }
        for (metric, value) in values(of: run, logits, number, isMeasured: !stop.hasDiverged[0]) {
            stop.values.append((metric, [value]))
            if let value, !value.isFinite { stop.hasDiverged = [true] }
        }
        return stop
    }

    /// - Parameter isMeasured: false of a student that has diverged: all values are nil then.
    private func values(
        of run: NetworkTraining, _ logits: [Double], _ number: Int, isMeasured: Bool
    ) -> [(Metric, Double?)] {
        var values: [(Metric, Double?)] = []
        func note(_ metric: Metric, _ value: @autoclosure () -> Double?) {
            values.append((metric, isMeasured ? value() : nil))
        }
        if quantities.contains(.norms) {
            let distance = run.distance()
            note(.weightNorm, distance)
            note(.weightChange, quotient(distance, start.norm))
        }
        if quantities.contains(.residuals) {
            note(.trainResidual, objective.residual(run.fit, count: samples))
        }
        if quantities.contains(.losses) {
            note(.excessLoss, objective.excess(run.fit, count: samples))
        }
        if quantities.contains(.linearisation) {
            note(.linearisationGap, gap(logits, references[number]))
        }
        guard !quantities.isDisjoint(with: [.sharpness, .kernelChange]) else { return values }
        let own = Matrix(rows: samples, columns: samples)
        if isMeasured { run.fillTangentKernel(own.view) }
        if quantities.contains(.sharpness) { note(.sharpness, run.sharpness(own.view)) }
        if quantities.contains(.kernelChange) { note(.kernelChange, change(to: own.view)) }
        return values
    }

    /// rms(f - f_lin) / rms(f_lin)
    private func gap(_ f: [Double], _ linearised: [Double]) -> Double? {
        quotient(
            distance(f, linearised, count: f.count),
            dot(linearised, linearised, count: f.count).squareRoot())
    }

    /// ||K_n(w) - K_n(w_0)|| / ||K_n(w_0)|| in Frobenius' norm, from the upper triangles.
    private func change(to own: View) -> Double? {
        var (difference, whole) = (0.0, 0.0)
        for j in 0..<samples {
            for i in 0...j {
                let weight = i == j ? 1.0 : 2.0
                let gap = own[i, j] - kernel[i, j]
                difference += weight * gap * gap
                whole += weight * kernel[i, j] * kernel[i, j]
            }
        }
        return quotient(difference.squareRoot(), whole.squareRoot())
    }

    private func quotient(_ a: Double, _ b: Double) -> Double? { b == 0 ? nil : a / b }
}
