import Testing

@testable import Cluster

/// What a worker says of its machine and of itself.
@Suite struct MachineTests {
    @Test(
        "Processors by their name, or by their numbers where they have none",
        arguments: [
            ("processor\t: 0\nmodel name\t: AMD EPYC 9R14\n\nmodel name\t: B\n", "AMD EPYC 9R14"),
            ("CPU implementer\t: 0x41\nCPU part\t: 0xd40\n", "0x41 0xd40"), ("", ""),
        ])
    func processorType(cpuinfo: String, name: String) {
        #expect(Machine.processorType(cpuinfo: cpuinfo) == name)
    }

    /// An executable's beginning with one program header and these notes.
    private func executable(notes: [UInt8], type: UInt8 = 4) -> [UInt8] {
        var file = [UInt8](repeating: 0, count: 0x78)
        file.replaceSubrange(0..<4, with: [0x7f, 0x45, 0x4c, 0x46])
        (file[0x20], file[0x36], file[0x38]) = (0x40, 0x38, 1)
        (file[0x40], file[0x48], file[0x60]) = (type, 0x78, UInt8(notes.count))
        return file + notes
    }

    private func note(_ type: UInt8, _ name: String, _ content: [UInt8]) -> [UInt8] {
        let sizes = [UInt8(name.utf8.count), UInt8(content.count), type]
        func filled(_ bytes: [UInt8]) -> [UInt8] {
            bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
        }
        return sizes.flatMap { [$0, 0, 0, 0] } + filled(Array(name.utf8)) + filled(content)
    }

    private func identity(_ file: [UInt8]) -> String? {
        file.withUnsafeBytes { Build.identity(ofELF: $0) }
    }

    @Test("The build id is found among an executable's notes; what isn't one has none")
    func buildID() {
        let others = note(1, "GNU\0", [1, 2, 3]) + note(3, "Go\0", [9])
        let id = note(3, "GNU\0", [0xab, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06])
        #expect(identity(executable(notes: others + id)) == "ab0102030405")
        #expect(identity(executable(notes: others)) == nil)
        #expect(identity(executable(notes: others + id, type: 1)) == nil)
        #expect(identity(Array(executable(notes: others + id).dropLast(3))) == nil)
        #expect(identity([0x7f]) == nil && identity([UInt8](repeating: 7, count: 100)) == nil)
    }
}
