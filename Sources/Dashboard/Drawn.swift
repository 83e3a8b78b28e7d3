import Figures

/// The figures, or why there are none, in the form in which the page reads them.
struct Drawn: Codable, Hashable {
    var figures: [Figure] = []
    var error: String?

    init(_ draw: () throws -> [Figure]) {
        do { figures = try draw() } catch { self.error = "\(error)" }
    }

    var encoded: [UInt8] { json(self) }
}
