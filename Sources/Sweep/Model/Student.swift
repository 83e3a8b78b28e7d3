public struct Student: Hashable, Codable, Sendable {
    public var activation: Activation
    /// sw > 0
    public var weightScale: Double
    /// sb >= 0
    public var biasScale: Double

    public init(activation: Activation, weightScale: Double, biasScale: Double) {
        self.activation = activation
        self.weightScale = weightScale
        self.biasScale = biasScale
    }
}

public enum Activation: String, Hashable, Codable, Sendable, CaseIterable {
    case relu, erf

    /// sw if the sweep file gives none: sqrt(2) keeps a relu network's scale from layer to layer.
    public var defaultWeightScale: Double {
        switch self {
        case .relu: 2.0.squareRoot()
        case .erf: 1.5
        }
    }
}
