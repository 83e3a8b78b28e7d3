import CSodium
import Foundation
import Synchronization

/// SHA-256 in hexadecimal.
public func sha256(_ data: some DataProtocol) -> String {
    var state = crypto_hash_sha256_state()
    crypto_hash_sha256_init(&state)
    for region in data.regions {
        region.withUnsafeBytes { bytes in
            _ = crypto_hash_sha256_update(
                &state, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
        }
    }
    var digest = [UInt8](repeating: 0, count: crypto_hash_sha256_bytes())
    crypto_hash_sha256_final(&state, &digest)
    return digest.map { byte in
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
    }.joined()
}

/// A SHA-256 that another thread computes while a table's numbers are read, which takes about as long.
final class PendingDigest: Sendable {
    private let result = Mutex("")
    private let isWorkedOut = DispatchGroup()

    init(of data: Data) {
        isWorkedOut.enter()
        DispatchQueue.global(qos: .userInitiated).async { [self] in
            let digest = sha256(data)
            result.withLock { $0 = digest }
            isWorkedOut.leave()
        }
    }

    /// The digest in hexadecimal; waits until it is computed.
    var value: String {
        isWorkedOut.wait()
        return result.withLock { $0 }
    }
}
