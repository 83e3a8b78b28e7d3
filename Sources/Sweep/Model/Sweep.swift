import Foundation

/// A sweep file, checked, with every default filled in and every axis resolved to its values.
///
/// The coordinator, the workers and the store share this description: encoded as JSON it is sent to workers
/// and kept in the store, and by its digest two sweeps are told apart.
public struct Sweep: Hashable, Codable, Sendable {
    /// A letter or digit, then letters, digits, `.`, `_` and `-`: it names the results folder.
    public var name: String
    public var settings: Settings
    public var grid: Grid
    /// The chosen metrics, in the order of `Metric.allCases`.
    public var metrics: [Metric]
    /// What decides how many of the grid's seeds each family gets; nil if each has all.
    public let precision: Precision?

    /// With a precision, every family has the fewest seeds that it may have.
    public init(
        name: String, settings: Settings, grid: Grid, metrics: [Metric],
        precision: Precision? = nil
    ) {
        self.name = name
        self.settings = settings
        self.grid = grid
        self.metrics = metrics
        self.precision = precision
        if let precision {
            self.grid.seedCounts = Array(repeating: precision.atLeast, count: grid.familyCount)
        }
    }

    /// The sweep as it is sent to workers and stored. The same sweep gives the same bytes.
    public func encoded() -> Data { canonicalJSON(self) }

    /// - Throws: `DecodingError` for bytes that `encoded()` did not make.
    public init(encoded data: Data) throws {
        self = try JSONDecoder().decode(Sweep.self, from: data)
    }

    /// SHA-256 (hexadecimal) of everything that the task list and its numbers depend on: so not of the name,
    /// nor of a table's path and length, nor of the precision.
    public var digest: String {
        var anonymous = Sweep(name: "", settings: settings, grid: grid, metrics: metrics)
        anonymous.settings.learningTask = settings.learningTask.withoutLocation
        return sha256(anonymous.encoded())
    }
}

func canonicalJSON(_ value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return try encoder.encode(value) } catch {
        preconditionFailure("a checked sweep holds only finite numbers, so it encodes: \(error)")
    }
}
