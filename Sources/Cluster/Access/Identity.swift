import Foundation
import Host
import ZeroMQ

/// The keys and the port of a results folder's coordinators. As one process after the other uses the same,
/// workers take them for one coordinator. Kept in the folder until the run is complete, readable by its
/// owner alone.
public struct Identity: Hashable, Sendable {
    /// With these keys the coordinator proves to workers that it is theirs.
    let coordinator: CurveKeyPair
    /// With these keys, all workers' own, a worker proves that it may come in.
    let workers: CurveKeyPair
    /// Where the last coordinator listened; nil before the first.
    public var port: Int?

    /// Makes new keys.
    ///
    /// - Throws: if libzmq was built without CURVE.
    public init() throws {
        coordinator = try .random()
        workers = try .random()
    }

    /// Reads the keys that an earlier coordinator kept in this file; nil if there is no file.
    ///
    /// - Throws: `AccessError` if the file can't be read.
    public init?(keptIn file: URL) throws(AccessError) {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        do {
            let kept = try JSONDecoder().decode(Kept.self, from: Data(contentsOf: file))
            guard let coordinator = CurveKey(kept.coordinatorSecretKey),
                let workers = CurveKey(kept.workerSecretKey)
            else { throw AccessError(description: "what should be its keys are not keys") }
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

    /// The name that a launcher knows this run's workers by. All coordinators of the run use the same, and
    /// no other run does.
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

/// JSON that is laid out for a user to read.
func encodedJSON(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [10]
}
