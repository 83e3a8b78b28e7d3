/// By what the soft term of the distillation loss is multiplied: kappa.
public enum TemperatureScaling: String, Hashable, Codable, Sendable, CaseIterable {
    /// kappa = 1, as in Ji & Zhu: the soft term's gradient falls as the temperature rises.
    case none
    /// kappa = T^2, as in Hinton et al. (2015): the temperature doesn't change the soft term's weight.
    case squared
}
