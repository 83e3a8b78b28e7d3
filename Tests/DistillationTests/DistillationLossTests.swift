import CElementwise
import Foundation
import Sweep
import Testing

@testable import Distillation

@Suite struct DistillationLossTests {
    private struct Case {
        let loss: DistillationLoss
        let teacher: Double
        let label: Decision
        /// z_eff
        let target: Double
        /// l in full.
        let value: (Double) -> Double
    }

    private let cases: [Case] = [0, 0.3, 1].flatMap { ratio in
        [0.5, 1, 4].flatMap { temperature in
            [TemperatureScaling.none, .squared].flatMap { scaling in
                [(-3.0, Decision(1)), (0.7, 0), (12, 1)].map { teacher, label in
                    let side = RightHandSide(
                        softRatio: ratio, teacherNoise: 0, temperature: temperature)
                    let logit = EffectiveLogit(
                        softRatio: ratio, temperature: temperature, scaling: scaling,
                        smoothing: 0.01)
                    var target = 0.0
                    logit.fill(&target, teacher: [teacher], labels: [label], count: 1)
                    let kappa = scaling == .none ? 1 : temperature * temperature
                    let y = label == 1 ? 0.99 : 0.01
                    func entropy(_ p: Double, _ t: Double) -> Double {
                        -p * log(sigmoid(t)) - (1 - p) * log(sigmoid(-t))
                    }
                    return Case(
                        loss: DistillationLoss(side, scaling: scaling, smoothing: 0.01),
                        teacher: teacher, label: label, target: target
                    ) { u in
                        kappa * ratio
                            * entropy(sigmoid(teacher / temperature), u / temperature)
                            + (1 - ratio) * entropy(y, u)
                    }
                }
            }
        }
    }

    private let logits = [-9.0, -1.3, -1e-3, 0, 0.4, 2.5, 8]

    private func derivative(_ entry: Case, _ u: Double) -> Double {
        var g = 0.0
        let pull = entry.loss.pull(teacher: entry.teacher, label: entry.label)
        elementwise_loss_gradient(entry.loss.derivative, [u], [pull], &g, 1)
        return g
    }

    @Test("l' and l'' are the slopes of l and of l', and l'' is at most h")
    func derivatives() {
        for entry in cases {
            for u in logits {
                let h = 1e-5
                let slope = (entry.value(u + h) - entry.value(u - h)) / (2 * h)
                #expect(abs(derivative(entry, u) - slope) < 1e-8)
                let curvature = (derivative(entry, u + h) - derivative(entry, u - h)) / (2 * h)
                #expect(abs(entry.loss.curvature(u) - curvature) < 1e-8)
                #expect(entry.loss.curvature(u) <= entry.loss.largestCurvature * (1 + 1e-15))
            }
        }
    }

    @Test(
        "At z_eff the derivative is 0; what l is above there is not negative and keeps its digits")
    func excess() {
        for entry in cases {
            let z = entry.target
            #expect(abs(derivative(entry, z)) < 1e-12)
            #expect(entry.loss.excess(z, over: z) == 0)
            for u in logits {
                let direct = entry.value(u) - entry.value(z)
                #expect(abs(entry.loss.excess(u, over: z) - direct) < 1e-12 * max(1, direct))
            }
            // Near z_eff it is l'' d^2/2, far below the rounding errors of l.
            for d in [1e-6, -1e-6] {
                let parabola = entry.loss.curvature(z) * d * d / 2
                let excess = entry.loss.excess(z + d, over: z)
                #expect(abs(excess - parabola) < 1e-5 * parabola, "\(excess), not \(parabola)")
            }
        }
    }

    @Test("Whether a loss has risen is said of l(u) - l(0)")
    func rise() {
        for entry in cases {
            for u in logits {
                let direct = entry.value(u) - entry.value(0)
                let rise = entry.loss.rise(u, teacher: entry.teacher, label: entry.label)
                #expect(abs(rise - direct) < 1e-12 * max(1, abs(direct)))
            }
        }
    }

    @Test(
        "A step of linearised students is the derivative, the velocity and the weights in one pass")
    func descent() {
        let n = 37
        let u = (0..<n).map { 3 * sin(Double($0)) }
        let pull = (0..<n).map { 0.4 + 0.3 * cos(Double($0)) }
        for loss in [(0.3, 1.0, 0.7), (0.15, 0.5, 0.4), (0, 4, 1)] {
            let loss = elementwise_loss(
                soft: loss.0, inverse_temperature: loss.1, hard: loss.2)
            var (g, v) = ([Double](repeating: 0, count: n), (0..<n).map { Double($0) / 8 })
            var weights = (0..<n).map { sin(Double(2 * $0)) }
            let (velocity, before) = (v, weights)
            elementwise_loss_gradient(loss, u, pull, &g, n)
            elementwise_descend(loss, u, pull, &v, &weights, 0.9, 0.2, n)
            for i in 0..<n {
                let exact =
                    loss.soft * sigmoid(u[i] * loss.inverse_temperature)
                    + loss.hard * sigmoid(u[i]) - pull[i]
                #expect(abs(g[i] - exact) < 1e-15)
                #expect(abs(v[i] - (0.9 * velocity[i] + g[i])) < 1e-15)
                #expect(abs(weights[i] - (before[i] - 0.2 * v[i])) < 1e-15)
            }
        }
    }

    @Test("Derivatives of logits that aren't numbers aren't numbers either")
    func notANumber() {
        var g = 0.0
        let loss = elementwise_loss(soft: 0.5, inverse_temperature: 2, hard: 0.5)
        elementwise_loss_gradient(loss, [Double.nan], [0.5], &g, 1)
        #expect(g.isNaN)
        elementwise_loss_gradient(loss, [Double.infinity], [0.5], &g, 1)
        #expect(g == 0.5)
        var h = [-1, Double.nan, 2, -Double.infinity]
        elementwise_relu(&h, 4)
        #expect(h[0] == 0 && h[1].isNaN && h[2] == 2 && h[3] == 0)
    }
}
