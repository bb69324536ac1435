import TenonBatches
import Testing

struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `the texts of the standard are written and read`(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(exact(encoded) == Array(plain.utf8))
        #expect(Base64.decode(encoded) == Array(plain.utf8))
        #expect(Base64.decode(encoded.filter { $0 != "=" }) == Array(plain.utf8))
        #expect(Base64.encode(Array(plain.utf8), .url) == encoded.filter { $0 != "=" })
    }

    @Test func `all bytes come back at every length in both alphabets`() {
        let all = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 167) }
        for count in 0...all.count {
            let bytes = Array(all.prefix(count))
            #expect(exact(Base64.encode(bytes)) == bytes)
            #expect(Base64.decode(Base64.encode(bytes, .url), .url) == bytes)
        }
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=" && Base64.encode([0xFB, 0xFF], .url) == "-_8")
    }

    @Test(arguments: ["A", "AAAAA", "=", "==", "A===", "AA=", "A=AA", "AA==AAAA", "A A=", "AA\n=", "-_8="])
    func `what is no Base64 is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
        #expect(exact(text) == nil)
    }

    @Test func `the exact form has its padding and no bits that no byte has`() {
        #expect(exact("Zg") == nil && exact("Zh==") == nil && exact("Zm9=") == nil)
        #expect(Base64.decode("Zh==") == [0x66] && Base64.decode("Zm9") == [0x66, 0x6F])
    }

    private func exact(_ text: String) -> [UInt8]? {
        Array(text.utf8).withUnsafeBytes { Base64.decodeExact($0) }
    }
}
