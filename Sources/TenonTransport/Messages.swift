internal import TenonModel

/// The cell's first word.
package struct Hello: Sendable, Equatable {
    package var build = BuildIdentity.text
    package init() {}

    package func write(to writer: inout BodyWriter) {
        writer.begin(.hello, callID: 0)
        writer.put(BuildIdentity.magic)
        writer.put(text: build)
        writer.finish()
    }

    /// Checks that the other side is of this build.
    package static func check(_ body: UnsafeRawBufferPointer) throws(ProtocolViolation) {
        var reader = BodyReader(body)
        guard try reader.integer(UInt32.self) == BuildIdentity.magic else { throw .helloMagic }
        let build = try reader.text()
        try reader.finish()
        guard build == BuildIdentity.text else { throw .helloBuild }
    }
}

/// What a cell is to load and how it confines itself before.
package struct Setup: Sendable, Equatable {
    package var build = BuildIdentity.text
    package var instanceName = ""
    package var libraryPath = ""
    /// Hexadecimal, or empty for none.
    package var libraryDigest = ""
    package var deniedDirectory = ""
    /// Directories below the denied one that the cell needs: first the read-only one, then its own.
    package var readOnlyDirectory = ""
    package var ownDirectory = ""
    package var memoryBytes: UInt64 = 0
    package var openFiles: UInt64 = 0
    /// The target takes lines of JSON.
    package var writesLines = false

    package init() {}

    package func write(to writer: inout BodyWriter) {
        writer.begin(.setup, callID: 0)
        for text in [
            build, instanceName, libraryPath, libraryDigest, deniedDirectory, readOnlyDirectory, ownDirectory,
        ] {
            writer.put(text: text)
        }
        writer.put(memoryBytes)
        writer.put(openFiles)
        writer.put(UInt8(writesLines ? 1 : 0))
        writer.finish()
    }

    package init(reading body: UnsafeRawBufferPointer) throws(ProtocolViolation) {
        var reader = BodyReader(body)
        build = try reader.text()
        guard build == BuildIdentity.text else { throw .helloBuild }
        instanceName = try reader.text()
        libraryPath = try reader.text()
        libraryDigest = try reader.text()
        deniedDirectory = try reader.text()
        readOnlyDirectory = try reader.text()
        ownDirectory = try reader.text()
        memoryBytes = try reader.integer(UInt64.self)
        openFiles = try reader.integer(UInt64.self)
        writesLines = try reader.integer(UInt8.self) != 0
        try reader.finish()
    }
}

/// What a cell says when its library is loaded.
package struct Ready: Sendable, Equatable {
    package var abiMajor: UInt32 = 0
    package var abiMinor: UInt32 = 0
    package var isSerial = false
    package var capabilities: [String] = []
    package var protections: [String] = []

    package init() {}

    package func write(to writer: inout BodyWriter) {
        writer.begin(.ready, callID: 0)
        writer.put(abiMajor)
        writer.put(abiMinor)
        writer.put(UInt8(isSerial ? 1 : 0))
        for list in [capabilities, protections] {
            writer.put(UInt32(list.count))
            for text in list { writer.put(text: text) }
        }
        writer.finish()
    }

    package init(reading body: UnsafeRawBufferPointer) throws(ProtocolViolation) {
        var reader = BodyReader(body)
        abiMajor = try reader.integer(UInt32.self)
        abiMinor = try reader.integer(UInt32.self)
        isSerial = try reader.integer(UInt8.self) != 0
        capabilities = try reader.texts(atMost: 64)
        protections = try reader.texts(atMost: 64)
        try reader.finish()
    }
}
