/// What is to be learned: the samples x and their true logit z_g.
public enum LearningTask: Hashable, Codable, Sendable {
    case gaussianMixture(GaussianMixture)
    case table(TableReference)

    var withoutLocation: LearningTask {
        switch self {
        case .gaussianMixture: return self
        case .table(var reference):
            reference.file = ""
            // These follow from the file's bytes, whose digest the reference has.
            reference.rows = nil
            reference.bytes = nil
            return .table(reference)
        }
    }
}

extension Sweep {
    /// The reference of the sweep's table; nil for a mixture.
    public var table: TableReference? {
        switch settings.learningTask {
        case .gaussianMixture: nil
        case .table(let reference): reference
        }
    }
}
