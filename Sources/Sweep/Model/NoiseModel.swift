/// How an imperfect teacher's logit departs from the true one; eta is the teacher noise level.
///
/// A model's name, parameters, limits and cost are here; `Encoding` says how it is stored, and `Teacher` what
/// it does.
public enum NoiseModel: Hashable, Codable, Sendable {
    /// z_g + eta e(x), e smooth of unit variance over this lengthscale (> 0, in units of x).
    case smooth(lengthscale: Double)
    /// z_g + eta g, independent for each sample.
    case gaussian
    /// -z_g with probability eta.
    case flip

    /// Its name in a sweep file.
    enum Name: String, CaseIterable {
        case smooth, gaussian, flip
    }

    var name: Name {
        switch self {
        case .smooth: .smooth
        case .gaussian: .gaussian
        case .flip: .flip
        }
    }

    /// Its description in a caption.
    public var words: String {
        switch self {
        case .smooth(let lengthscale): "smooth noise of lengthscale \(plain(lengthscale))"
        case .gaussian: "Gaussian noise"
        case .flip: "flip noise"
        }
    }

    /// Its parameters' keys in a sweep file, with their values.
    var parameters: [(key: String, value: Double)] {
        switch self {
        case .smooth(let lengthscale): [("lengthscale", lengthscale)]
        case .gaussian, .flip: []
        }
    }

    /// The bounds of this model's levels; nil if it takes every level that the axis takes.
    var levelLimit: RealBounds? {
        switch self {
        case .smooth, .gaussian: nil
        case .flip:
            RealBounds(
                wanted: "a number from 0 to 1, as flip noise is a probability",
                contain: RealBounds.unitInterval.contain)
        }
    }

    /// What the noise of a sample with d features costs, beside its random numbers.
    public func cost(dimension d: Double) -> (flops: Double, elements: Double) {
        switch self {
        case .smooth: (2 * Self.waves * d, Self.waves)
        case .gaussian, .flip: (0, 0)
        }
    }

    /// K: how many waves are summed to the smooth noise.
    public static let waves = 512.0
}

/// The shortest text of a number: `1`, `0.5`.
private func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
}
