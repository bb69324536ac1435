import Foundation
import TenonLoader
import TenonModel
import TenonTestKit
import Testing

@Suite struct LibraryTests {
    private func code(_ path: String) -> String? {
        do throws(TenonError) {
            _ = try ConnectorLibrary(path: path)
            return nil
        } catch {
            return error.code.rawValue
        }
    }

    @Test func `a connector is inspected without being loaded`() throws {
        let facts = try LibraryInspection(path: Fixtures.library("misbehave"))
        #expect(facts.exportsEntry)
        #expect(facts.exportedSymbols == ["tenon_connector"])
        #expect(facts.architecture == LibraryInspection.hostArchitecture)
    }

    @Test func `a library of another architecture is refused by name`() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("other.so")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: Fixtures.library("misbehave")))
        bytes[18] = 183
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(
            code(path) == (LibraryInspection.hostArchitecture == "aarch64" ? nil : "library.architecture"))
    }

    @Test func `what is no library is refused`() throws {
        let directory = TemporaryDirectory()
        try Data("hello".utf8).write(to: URL(fileURLWithPath: directory.file("x.so")))
        #expect(code(directory.file("x.so")) == "library.format")
        #expect(code(directory.file("none.so")) == "library.missing")
    }

    @Test(arguments: [
        ("broken-abi", "library.abi"), ("broken-null", "library.function"),
        ("broken-symbol", "library.symbol"),
    ])
    func `a broken entry is refused with what is broken`(name: String, expected: String) {
        #expect(code(Fixtures.library(name)) == expected)
    }

    @Test func `a NULL function is named`() {
        do throws(TenonError) {
            _ = try ConnectorLibrary(path: Fixtures.library("broken-null"))
            Issue.record("it was loaded")
        } catch {
            #expect(error.message.contains("is NULL"))
        }
    }

    /// A shared object of one symbol table, all of whose symbols have the same name.
    private func object(symbols: Int, name: [UInt8]) -> [UInt8] {
        func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        let strings = 64
        let table = strings + name.count
        let sections = table + symbols * 24
        var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
        file += bytes(UInt16(3)) + bytes(UInt16(LibraryInspection.hostArchitecture == "x86_64" ? 62 : 183))
        file += bytes(UInt32(1)) + bytes(UInt64(0)) + bytes(UInt64(0)) + bytes(UInt64(sections))
        file += bytes(UInt32(0)) + bytes(UInt16(64)) + bytes(UInt16(0)) + bytes(UInt16(0))
        file += bytes(UInt16(64)) + bytes(UInt16(2)) + bytes(UInt16(0)) + name
        // A global function of section 1 with default visibility, its name at the start of the strings.
        let symbol = bytes(UInt32(0)) + [0x12, 0] + bytes(UInt16(1)) + [UInt8](repeating: 0, count: 16)
        for _ in 0..<symbols { file += symbol }
        func section(_ type: UInt32, _ offset: Int, _ size: Int, _ entry: Int) -> [UInt8] {
            bytes(UInt32(0)) + bytes(type) + bytes(UInt64(0)) + bytes(UInt64(0)) + bytes(UInt64(offset))
                + bytes(UInt64(size)) + bytes(UInt32(0)) + bytes(UInt32(0)) + bytes(UInt64(0))
                + bytes(UInt64(entry))
        }
        return file + section(3, strings, name.count, 0) + section(11, table, symbols * 24, 24)
    }

    private func inspect(_ bytes: [UInt8]) throws -> LibraryInspection {
        let directory = TemporaryDirectory()
        let path = directory.file("made.so")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try LibraryInspection(path: path)
    }

    @Test func `a library with endless symbols is inspected within bounds`() throws {
        let entry = try inspect(object(symbols: 5000, name: Array("tenon_connector".utf8) + [0]))
        #expect(entry.exportsEntry)
        #expect(entry.exportedSymbols.count == 4096)
        let long = [UInt8](repeating: 0x61, count: 1 << 20) + [0]
        #expect(try inspect(object(symbols: 5000, name: long)).exportedSymbols.isEmpty)
    }

    @Test func `cut and scrambled files are refused and never crash the inspection`() throws {
        let directory = TemporaryDirectory()
        let whole = try Data(contentsOf: URL(fileURLWithPath: Fixtures.library("misbehave")))
        var random = SeededGenerator(seed: 1)
        for turn in 0..<200 {
            var bytes = turn < 100 ? whole.prefix(Int.random(in: 0..<whole.count, using: &random)) : whole
            for _ in 0..<8 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            let path = directory.file("m.so")
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            _ = try? LibraryInspection(path: path)
        }
    }
}
