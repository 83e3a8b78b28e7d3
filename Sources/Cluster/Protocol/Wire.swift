import Scheduling
import SwiftProtobuf
import Sweep

func bytes(of message: some Message) -> [UInt8] {
    do { return try message.serializedBytes() } catch {
        preconditionFailure("a message without required fields encodes: \(error)")
    }
}

func decoded<M: Message>(_ encoded: [UInt8]) throws(Malformed) -> M {
    do { return try M(serializedBytes: encoded) } catch {
        throw Malformed(description: "not a message: \(error)")
    }
}

func taskID(_ number: UInt64) throws(Malformed) -> TaskID {
    guard let id = Int(exactly: number) else { throw Malformed(description: "task \(number)") }
    return id
}

func taskIDs(_ numbers: [UInt64]) throws(Malformed) -> [TaskID] {
    var ids: [TaskID] = []
    for number in numbers { ids.append(try taskID(number)) }
    return ids
}

/// One line of some 900 bytes at most, which `longestReport` relies on.
func briefReason(_ text: String) -> String {
    let line = oneLine(text)
    guard line.utf8.count > 900 else { return line }
    var (brief, room) = ("", 900)
    for character in line {
        room -= character.utf8.count
        guard room >= 0 else { break }
        brief.append(character)
    }
    return brief + "…"
}
