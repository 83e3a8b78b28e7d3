import CElementwise
import Foundation
import Sweep

/// The loss of one right-hand side at a sample, as a function of the student's logit u:
///
///     l(u) = soft H(sigma(z_t/T), sigma(u/T)) + hard H(y, sigma(u)),   soft = kappa rho,  hard = 1 - rho
///
/// It is least at z_eff.
struct DistillationLoss: Sendable {
    /// kappa rho, with kappa = 1 or T^2.
    let soft: Double
    /// 1 - rho
    let hard: Double
    /// T
    let temperature: Double
    /// eps
    private let smoothing: Double

    init(_ side: RightHandSide, scaling: TemperatureScaling, smoothing: Double) {
        let kappa = scaling == .none ? 1 : side.temperature * side.temperature
        soft = kappa * side.softRatio
        hard = 1 - side.softRatio
        temperature = side.temperature
        self.smoothing = smoothing
    }

    /// h: the largest that l'' can be.
    var largestCurvature: Double { (soft / (temperature * temperature) + hard) / 4 }

    /// What the derivative is computed from: l' = soft/T sigma(u/T) + hard sigma(u) - pull.
    var derivative: elementwise_loss {
        elementwise_loss(
            soft: soft / temperature, inverse_temperature: 1 / temperature, hard: hard)
    }

    /// soft/T sigma(z_t/T) + hard y
    func pull(teacher: Double, label: Decision) -> Double {
        soft / temperature * sigmoid(teacher / temperature) + hard * target(label)
    }

    /// l''(u)
    func curvature(_ u: Double) -> Double {
        let t = u / temperature
        return soft / (temperature * temperature) * sigmoid(t) * sigmoid(-t)
            + hard * sigmoid(u) * sigmoid(-u)
    }

    /// l(u) - l(0)
    func rise(_ u: Double, teacher: Double, label: Decision) -> Double {
        let t = u / temperature
        var rise = 0.0
        if soft > 0 {
            rise += soft * (softplus(t) - log(2) - sigmoid(teacher / temperature) * t)
        }
        if hard > 0 { rise += hard * (softplus(u) - log(2) - target(label) * u) }
        return rise
    }

    /// l(u) - l(z_eff) >= 0, without loss of digits where u is near z_eff.
    func excess(_ u: Double, over target: Double) -> Double {
        var excess = 0.0
        if soft > 0 { excess += soft * divergence(u / temperature, target / temperature) }
        if hard > 0 { excess += hard * divergence(u, target) }
        return max(0, excess)
    }

    /// y
    private func target(_ label: Decision) -> Double { label == 1 ? 1 - smoothing : smoothing }
}

/// s(t) = ln(1 + e^t)
private func softplus(_ t: Double) -> Double { max(t, 0) + log1p(exp(-abs(t))) }

/// s(a) - s(b) - sigma(b) (a - b): how far sigma(a) is from sigma(b), in nats.
private func divergence(_ a: Double, _ b: Double) -> Double {
    if b > 0 { return divergence(-a, -b) }
    let d = a - b
    guard abs(d) <= 1 else { return softplus(a) - softplus(b) - sigmoid(b) * d }
    return log1p(sigmoid(b) * expm1(d)) - sigmoid(b) * d
}
