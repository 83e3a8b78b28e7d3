extension SweepReader {
    private enum Kind: String, CaseIterable {
        case gaussianMixture = "gaussian-mixture"
        case table
    }

    /// - Parameter samples: A table must have rows for both; nil if they were refused.
    func learningTask(samples: (oracle: Int?, test: Int?)) -> LearningTask? {
        let wanted = "gaussian-mixture or table"
        guard let entry = top.required("task", "a mapping with kind: \(wanted) in it") else {
            return nil
        }
        switch entry.member("kind")?.choice(of: Kind.self) {
        case .gaussianMixture: return mixture(entry).map(LearningTask.gaussianMixture)
        case .table: return table(entry, samples: samples).map(LearningTask.table)
        case nil:
            // Without a kind, keys of both kinds are accepted, and any other key is reported beside the missing kind.
            _ = Section(entry, keys: SweepKeys.mixture + SweepKeys.table.dropFirst())?
                .required("kind", wanted)
            return nil
        }
    }

    private func mixture(_ entry: Entry) -> GaussianMixture? {
        let misplaced = SweepKeys.table.dropFirst().map {
            ($0, ("this key is a table's", "remove it, or choose kind: table"))
        }
        guard
            let section = Section(
                entry, keys: SweepKeys.mixture,
                misplaced: Dictionary(uniqueKeysWithValues: misplaced))
        else { return nil }
        func integer(_ key: String, _ bounds: IntegerBounds) -> Int? {
            section.required(key, bounds.wanted)?.integer(in: bounds)
        }
        func real(_ key: String) -> Double? {
            section.required(key, RealBounds.positive.wanted)?.real(in: .positive)
        }
        let dimension = integer("dimension", .size)
        let components = integer("components", .components)
        let spread = real("spread")
        let separation = real("separation")
        let labels = section["labels"].map { $0.choice(of: HardLabels.self) } ?? .deterministic
        let seed = section["seed"].map { $0.integer(in: .seed) } ?? 0
        guard let dimension, let components, let spread, let separation, let labels, let seed
        else { return nil }
        return GaussianMixture(
            dimension: dimension, components: components, spread: spread, separation: separation,
            labels: labels, seed: seed)
    }
}
