internal import Glibc
package import TenonModel

/// What an ELF file says of itself, read without loading or running anything.
package struct LibraryInspection: Sendable, Equatable {
    /// Such as `x86_64` or `aarch64`.
    package var architecture: String
    /// Whether the file exports `tenon_connector`.
    package var exportsEntry: Bool
    /// What it exports, in the file's order: at most `Limit.symbols`, of names up to `Limit.nameBytes`.
    package var exportedSymbols: [String]
    /// The libraries that must be present.
    package var neededLibraries: [String]

    package static var hostArchitecture: String {
        #if arch(x86_64)
            "x86_64"
        #else
            "aarch64"
        #endif
    }

    package init(path: String) throws(TenonError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw TenonError(
                .libraryMissing, "The library \(path) cannot be opened: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_size > 0 else {
            throw TenonError(.libraryFormat, "\(path) is not a file with content.")
        }
        let count = min(Int(facts.st_size), Limits.packageFileBytes)
        guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED
        else {
            throw TenonError(.libraryMissing, "The library \(path) cannot be read.")
        }
        defer { munmap(address, count) }
        var file = ELFFile(bytes: UnsafeRawBufferPointer(start: address, count: count))
        guard let found = file.read() else {
            throw TenonError(
                .libraryFormat,
                "\(path) is not a 64-bit little-endian ELF shared object. Build it with -shared.")
        }
        architecture = found.architecture
        exportedSymbols = found.exported
        neededLibraries = found.needed
        exportsEntry = found.exportsEntry
    }

    /// Refuses a library that cannot be a connector on this machine.
    package func checkLoadable(path: String) throws(TenonError) {
        guard architecture == Self.hostArchitecture else {
            throw TenonError(
                .libraryArchitecture,
                "\(path) is built for \(architecture); this machine needs \(Self.hostArchitecture).")
        }
        guard exportsEntry else {
            throw TenonError(
                .librarySymbol,
                "\(path) does not export the symbol tenon_connector. "
                    + "Define it and link with the SDK's exports.map."
            )
        }
    }
}

/// Reads section headers, dynamic symbols and needed libraries; every offset is checked, nothing is trusted.
private struct ELFFile {
    let bytes: UnsafeRawBufferPointer

    struct Found {
        var architecture: String
        var exported: [String] = []
        var exportsEntry = false
        var needed: [String] = []
    }

    /// What is kept and looked at of a file that may say anything: names may overlap, so the size of the file
    /// alone bounds neither memory nor time.
    enum Limit {
        static let nameBytes = 1024
        static let symbols = 4096
        static let needed = 256
        static let entries = 1 << 20
        static let sections = 4096
    }

    private struct Section {
        var type: UInt32
        var offset: Int
        var size: Int
        var link: Int
        var entrySize: Int
    }

    private func load<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: T.Type) -> T? {
        guard offset >= 0, offset <= bytes.count - MemoryLayout<T>.size else { return nil }
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    private func size(_ offset: Int) -> Int? { load(offset, UInt64.self).flatMap { Int(exactly: $0) } }

    mutating func read() -> Found? {
        // Magic, 64 bits, little-endian, type ET_DYN.
        guard bytes.count >= 64, bytes.prefix(6).elementsEqual([0x7F, 0x45, 0x4C, 0x46, 2, 1]),
            load(16, UInt16.self) == 3, let machine = load(18, UInt16.self), let table = size(40),
            let entrySize = load(58, UInt16.self), let count = load(60, UInt16.self), entrySize >= 64
        else { return nil }
        var sections: [Section] = []
        for index in 0..<min(Int(count), Limit.sections) {
            guard let section = section(at: table &+ index * Int(entrySize)) else { return nil }
            sections.append(section)
        }
        var found = Found(architecture: architecture(machine))
        var entriesLeft = Limit.entries
        for section in sections {
            switch section.type {
            case 11: addExported(section, sections, &found, &entriesLeft)
            case 6: addNeeded(section, sections, &found, &entriesLeft)
            default: continue
            }
        }
        return found
    }

    private func section(at offset: Int) -> Section? {
        guard let type = load(offset &+ 4, UInt32.self), let start = size(offset &+ 24),
            let length = size(offset &+ 32), let link = load(offset &+ 40, UInt32.self),
            let entry = size(offset &+ 56)
        else { return nil }
        return Section(type: type, offset: start, size: length, link: Int(link), entrySize: entry)
    }

    private func architecture(_ machine: UInt16) -> String {
        switch machine {
        case 62: "x86_64"
        case 183: "aarch64"
        case 3: "i386"
        case 40: "arm"
        case 243: "riscv64"
        default: "machine \(machine)"
        }
    }

    private func text(_ sections: [Section], table: Int, at index: Int) -> String? {
        guard sections.indices.contains(table) else { return nil }
        let strings = sections[table]
        guard index >= 0, index < strings.size, strings.offset <= bytes.count,
            strings.size <= bytes.count - strings.offset
        else { return nil }
        let start = strings.offset + index
        let rest = bytes[start..<min(strings.offset + strings.size, start + Limit.nameBytes + 1)]
        guard let end = rest.firstIndex(of: 0) else { return nil }
        return String(decoding: bytes[rest.startIndex..<end], as: UTF8.self)
    }

    private func entries(_ section: Section, minimum: Int) -> StrideTo<Int> {
        let isPlausible =
            section.entrySize >= minimum && section.offset <= bytes.count
            && section.size <= bytes.count - section.offset
        guard isPlausible else { return stride(from: 0, to: 0, by: 1) }
        return stride(from: section.offset, to: section.offset + section.size, by: section.entrySize)
    }

    /// Defined global and weak symbols of the dynamic table (SHT_DYNSYM). The entry is found also where the
    /// list is full.
    private func addExported(
        _ section: Section, _ sections: [Section], _ found: inout Found, _ entriesLeft: inout Int
    ) {
        for entry in entries(section, minimum: 24) {
            guard entriesLeft > 0 else { return }
            entriesLeft -= 1
            guard let name = load(entry, UInt32.self), let kind = load(entry + 4, UInt8.self),
                let visibility = load(entry + 5, UInt8.self), let home = load(entry + 6, UInt16.self)
            else { continue }
            let isGlobal = kind >> 4 == 1 || kind >> 4 == 2
            // Default, or protected as Swift exports: both are found by name.
            guard isGlobal, home != 0, [0, 3].contains(visibility & 3),
                let text = text(sections, table: section.link, at: Int(name))
            else { continue }
            if text == "tenon_connector" { found.exportsEntry = true }
            if found.exported.count < Limit.symbols { found.exported.append(text) }
        }
    }

    /// The DT_NEEDED entries of SHT_DYNAMIC.
    private func addNeeded(
        _ section: Section, _ sections: [Section], _ found: inout Found, _ entriesLeft: inout Int
    ) {
        for entry in entries(section, minimum: 16) {
            guard entriesLeft > 0, found.needed.count < Limit.needed else { return }
            entriesLeft -= 1
            guard load(entry, UInt64.self) == 1, let index = size(entry + 8),
                let text = text(sections, table: section.link, at: index)
            else { continue }
            found.needed.append(text)
        }
    }
}
