import Testing

@testable import Figures

@Suite struct LayoutTests {
    @Test("Nothing overlaps or lies outside", arguments: 1...6)
    func frames(count: Int) {
        let caption = String(repeating: "some words of a caption ", count: 20)
        let layout = Layout(panels: count, keyLetters: 9, keyRows: 4, caption: caption)
        #expect(layout.frames.count == count)
        for (index, frame) in layout.frames.enumerated() {
            #expect(frame.left >= 70 && frame.right <= layout.width - 117)
            #expect(frame.bottom >= layout.captionTop + 40 && frame.top <= layout.height - 40)
            for other in layout.frames[..<index] {
                let apart = other.right + 20 <= frame.left || frame.top + 26 <= other.bottom
                #expect(apart, "\(other) and \(frame)")
            }
        }
        #expect(layout.frames.count(where: \.isLeftmost) == (count <= 3 ? 1 : (count == 4 ? 2 : 2)))
        let columns = Set(layout.frames.map(\.left)).count
        #expect(layout.frames.count(where: \.isLowest) == columns)
        #expect(layout.key.x >= layout.frames.map(\.right).max()!)
    }

    @Test("A wanted width is kept, with letters of 7 pt at least", arguments: 1...6)
    func width(count: Int) {
        for (inches, letters) in [(3.0, 9), (3, 45), (5.5, 9), (5.5, 45), (8, 20), (30, 9)] {
            let layout = Layout(
                panels: count, keyLetters: letters, keyRows: 5, caption: "some words",
                isBare: true, width: inches * 96)
            #expect(layout.width == inches * 96)
            let last = layout.frames.map(\.right).max()!
            let keyWidth = Double(letters) * 0.517 * layout.lettering.text + 62
            #expect(layout.key.x >= last ? layout.key.x + keyWidth <= layout.width + 17 : true)
            for frame in layout.frames {
                #expect(frame.right - frame.left >= 109 && frame.right <= layout.width)
                #expect(frame.bottom > 50 && frame.top <= layout.height)
            }
            if layout.key.x < last {
                #expect(layout.key.y <= layout.frames.map(\.bottom).min()! - 50)
                #expect(layout.key.y - 5 * 18 >= 0, "the key is on the sheet")
            }
            let lettering = layout.lettering
            for size in [lettering.title, lettering.text, lettering.caption] {
                #expect(size * 72 / 96 >= 7)
            }
        }
    }

    @Test("Captions are broken at spaces into lines that fit")
    func wrapping() {
        #expect(wrapped("one two three", to: 7) == ["one two", "three"])
        #expect(wrapped("extraordinarily long", to: 5) == ["extraordinarily", "long"])
        #expect(wrapped("", to: 5) == [""])
        #expect(wrapped("with n = 16 and m = 4", to: 9) == ["with", "n = 16", "and m = 4"])
    }
}
