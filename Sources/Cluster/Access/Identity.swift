import Foundation
import ZeroMQ

/// Who a results folder's coordinators are to their workers: the same peer, one process after the
/// other. Kept in the folder while a run isn't complete, readable by its owner alone.
public struct Identity: Hashable, Sendable {
    /// What the coordinator proves to be.
    let coordinator: CurveKeyPair
    /// What a worker must prove to be.
    let workers: CurveKeyPair
    /// Where the last coordinator listened; nil before the first.
    public var port: Int?

    /// A fresh one.
    ///
    /// - Throws: where libzmq was built without CURVE.
    public init() throws {
        coordinator = try .random()
        workers = try .random()
    }

    /// The one that an earlier coordinator kept in this file; nil where there is none.
    ///
    /// - Throws: `AccessError` where the file can't be read.
    public init?(keptIn file: URL) throws(AccessError) {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        do {
            let kept = try JSONDecoder().decode(Kept.self, from: Data(contentsOf: file))
            guard let coordinator = CurveKey(kept.coordinatorSecretKey),
                let workers = CurveKey(kept.workerSecretKey)
            else { throw AccessError(description: "its keys are none") }
            self.coordinator = try CurveKeyPair(secretKey: coordinator)
            self.workers = try CurveKeyPair(secretKey: workers)
            port = kept.port
        } catch {
            throw AccessError(
                description:
                    "\(file.path) does not hold this run's keys (\(error)); remove it, and "
                    + "start the workers anew")
        }
    }

    /// - Throws: `SystemError` where the folder can't be written.
    public func keep(in file: URL) throws {
        let kept = Kept(
            port: port, coordinatorSecretKey: "\(coordinator.secretKey)",
            workerSecretKey: "\(workers.secretKey)")
        try PrivateFile.write(try encodedJSON(kept), to: file)
    }

    /// What the workers of this run go by where others' are too: the same for its coordinators one
    /// after the other, and no other run's.
    ///
    /// - Parameter sweep: its name.
    public func run(of sweep: String) -> String {
        let digits = "\(coordinator.publicKey)".filter { $0.isLetter || $0.isNumber }
        return "kdsweep-\(sweep)-\(digits.prefix(8))"
    }

    private struct Kept: Codable {
        var port: Int?
        var coordinatorSecretKey: String
        var workerSecretKey: String

        enum CodingKeys: String, CodingKey {
            case port
            case coordinatorSecretKey = "coordinator_secret_key"
            case workerSecretKey = "worker_secret_key"
        }
    }
}

/// As a user may want to read it.
func encodedJSON(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [10]
}
