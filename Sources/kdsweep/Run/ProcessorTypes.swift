import Results

/// The processors and thread counts that a sweep's results come from, in one run or several. The results'
/// last digits depend on them, so a mixture is warned of.
struct ProcessorTypes {
    private var known: Set<ProcessorType> = []
    private var hasWarned = false
    private var threads: Set<Int> = []
    private var hasWarnedOfThreads = false

    /// - Returns: a warning, the first time that there is more than one type.
    mutating func note(_ types: some Sequence<ProcessorType>) -> String? {
        known.formUnion(types)
        guard known.count > 1, !hasWarned else { return nil }
        hasWarned = true
        let names = known.map(\.description).sorted().joined(separator: ", ")
        return "results come from different processors, whose last digits differ: \(names)"
    }

    /// - Parameter counts: of BLAS threads; 0 where they aren't known.
    /// - Returns: a warning, the first time that there is more than one count.
    mutating func note(threads counts: some Sequence<Int>) -> String? {
        threads.formUnion(counts.filter { $0 > 0 })
        guard threads.count > 1, !hasWarnedOfThreads else { return nil }
        hasWarnedOfThreads = true
        let list = threads.sorted().map(String.init).joined(separator: ", ")
        return "results come from workers of different --threads, whose last digits differ: \(list)"
    }
}
