/// What the last digits of a result follow from, beside all that its row's key holds.
public struct ProcessorType: Hashable, Sendable, CustomStringConvertible {
    /// As the processor's maker calls it, `AMD EPYC 9R14`.
    public var name: String
    /// The library and its kernels, `OpenBLAS 0.3.21 Zen`.
    public var blas: String

    /// - Returns: nil where neither is known.
    public init?(name: String, blas: String) {
        guard !name.isEmpty || !blas.isEmpty else { return nil }
        self.name = name
        self.blas = blas
    }

    public var description: String {
        blas.isEmpty ? name : "\(name.isEmpty ? "unknown" : name) (\(blas))"
    }
}
