import Foundation
import Sweep

/// A script's first line, which has the SHA-256 of the lines below it: it tells whether somebody has changed
/// them since kdsweep wrote them.
enum ScriptSeal {
    private static let words = "# As kdsweep wrote it if the lines below have the SHA-256 "

    static func sealed(_ script: String) -> String {
        words + sha256(Data(script.utf8)) + "\n" + script
    }

    /// Whether the script is as kdsweep wrote it.
    static func isIntact(_ script: String) -> Bool {
        guard let end = script.firstIndex(of: "\n") else { return false }
        return script == sealed(String(script[script.index(after: end)...]))
    }
}
