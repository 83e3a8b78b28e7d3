/// The processor and the BLAS library that computed a result: its last digits depend on them, though they
/// aren't in its row's key.
public struct ProcessorType: Hashable, Sendable, CustomStringConvertible {
    /// The maker's name of the processor, `AMD EPYC 9R14`.
    public var name: String
    /// The library and its kernels, `OpenBLAS 0.3.21 Zen`.
    public var blas: String

    /// - Returns: nil if neither is known.
    public init?(name: String, blas: String) {
        guard !name.isEmpty || !blas.isEmpty else { return nil }
        self.name = name
        self.blas = blas
    }

    public var description: String {
        blas.isEmpty ? name : "\(name.isEmpty ? "unknown" : name) (\(blas))"
    }
}
