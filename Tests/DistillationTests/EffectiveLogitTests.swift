import Foundation
import Sweep
import Testing

@testable import Distillation

extension EffectiveLogit {
    /// z_eff of one sample.
    func callAsFunction(teacher: Double, label: Bool) -> Double {
        var z = 0.0
        fill(&z, teacher: [teacher], labels: [label ? 1 : 0], count: 1)
        return z
    }
}

struct EffectiveLogitTests {
    @Test("The root agrees with 400-digit arithmetic to 1e-12 max(1, |z|)")
    func agreesWithReference() throws {
        let rows = try fixtureRows("effective-logits.csv")
        var worst = 0.0
        for row in rows {
            let logit = EffectiveLogit(
                softRatio: Double(row[0])!, temperature: Double(row[1])!,
                scaling: TemperatureScaling(rawValue: row[6])!, smoothing: Double(row[2])!)
            let z = logit(teacher: Double(row[3])!, label: row[4] == "1")
            let expected = Double(row[5])!
            let error = abs(z - expected) / max(1, abs(expected))
            #expect(error <= 1e-12, "\(row): \(z)")
            worst = max(worst, error)
        }
        print("effective logit: \(rows.count) roots, largest error \(worst)")
        #expect(rows.count > 300)
    }

    @Test("rho = 1 asks for the teacher's logit exactly, rho = 0 for the hard label's")
    func limits() {
        for teacher in [-700.0, -1e-300, 0, 3.7, 1e6] {
            for label in [false, true] {
                let soft = EffectiveLogit(softRatio: 1, temperature: 3, smoothing: 1e-3)
                #expect(soft(teacher: teacher, label: label) == teacher)
                let hard = EffectiveLogit(softRatio: 0, temperature: 3, smoothing: 1e-3)
                let expected = log1p(-1e-3) - log(1e-3)
                #expect(hard(teacher: teacher, label: label) == (label ? expected : -expected))
            }
        }
    }

    @Test(
        "With kappa = T^2 the balance of soft and hard term is that of T = 1 where both are small")
    func squaredScaling() {
        // To first order in z, z_t and h the root is the mean of z_t and h with the weights kappa rho/T^2 and
        // 1 - rho.
        let smoothing = 0.5 - 1e-5
        let hard = log1p(-smoothing) - log(smoothing)
        for temperature in [0.5, 1, 3, 20] {
            let logit = EffectiveLogit(
                softRatio: 0.3, temperature: temperature, scaling: .squared, smoothing: smoothing)
            let expected = 0.3 * 1e-5 - 0.7 * hard
            #expect(abs(logit(teacher: 1e-5, label: false) - expected) < 1e-13)
        }
    }

    @Test("Turning every sign turns the root's sign")
    func symmetry() {
        let logit = EffectiveLogit(softRatio: 0.3, temperature: 4, smoothing: 0.01)
        for teacher in [-2800.0, -3, 0.2, 5, 2800] {
            #expect(logit(teacher: teacher, label: true) == -logit(teacher: -teacher, label: false))
        }
    }

    @Test(
        "Up to rounding the root grows with the teacher's logit; it lies between teacher and label")
    func monotone() {
        let logit = EffectiveLogit(softRatio: 0.6, temperature: 2, smoothing: 0.001)
        var last = -Double.infinity
        for teacher in stride(from: -1400.0, through: 1400, by: 7) {
            let z = logit(teacher: teacher, label: true)
            #expect(z >= last - 1e-14 * max(1, abs(last)))
            #expect(min(teacher, logit.hardLogit) <= z && z <= max(teacher, logit.hardLogit))
            last = z
        }
    }
}

/// The rows of a CSV fixture without its header.
func fixtureRows(_ name: String) throws -> [[String]] {
    try String(contentsOf: fixture(name), encoding: .utf8).split(separator: "\n").dropFirst()
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
}

func fixture(_ name: String) -> URL {
    Bundle.module.resourceURL!.appendingPathComponent("Fixtures").appendingPathComponent(name)
}
