import Results

/// Which types of processors a sweep's results come from.
struct ProcessorTypes {
    private var known: Set<ProcessorType> = []
    private var hasWarned = false

    /// - Returns: a warning, the first time that there is more than one type.
    mutating func note(_ types: some Sequence<ProcessorType>) -> String? {
        known.formUnion(types)
        guard known.count > 1, !hasWarned else { return nil }
        hasWarned = true
        let names = known.map(\.description).sorted().joined(separator: ", ")
        return "results come from different processors, whose last digits differ: \(names)"
    }
}
