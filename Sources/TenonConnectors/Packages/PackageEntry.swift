internal import Glibc
internal import TenonModel

/// One file or folder in a package.
package struct PackageEntry: Sendable, Equatable {
    /// With `/` between its parts.
    package var name: String
    package var mode: UInt32
    /// Unpacked.
    package var byteCount: Int64
    /// As it lies in the archive.
    package var storedByteCount: Int64

    package var isFolder: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }
}

/// What a package may contain. Each refusal has its own code.
enum PackageRules {
    static func check(_ entries: [PackageEntry]) throws(TenonError) {
        guard entries.count <= Limits.packageFiles else {
            throw TenonError(
                .packageTooManyFiles,
                "The package has more than \(Limits.packageFiles) files. Leave out what the connector does not need."
            )
        }
        var names: Set<String> = []
        var total: Int64 = 0
        for entry in entries {
            try checkPath(entry.name)
            try checkKind(entry)
            guard names.insert(entry.name).inserted else {
                throw TenonError(
                    .packageDuplicate, "The package holds \(quoted(entry.name)) twice. Pack it again.")
            }
            let (sum, overflows) = total.addingReportingOverflow(entry.byteCount)
            guard !overflows, sum <= Limits.packageBytes else { throw tooLarge("unpacked") }
            total = sum
        }
    }

    static func tooLarge(_ how: String) -> TenonError {
        TenonError(
            .packageTooLarge,
            "The package is larger than \(Limits.packageBytes >> 20) MiB \(how). Leave out what it does not need."
        )
    }

    private static func checkPath(_ name: String) throws(TenonError) {
        if name.hasPrefix("/") {
            throw TenonError(
                .packageAbsolutePath,
                "The package holds the absolute path \(quoted(name)). Paths must lie within the package.")
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains("..") {
            throw TenonError(
                .packageParentPath,
                "The package holds the path \(quoted(name)), which leads out of it by \"..\". "
                    + "Paths must lie within the package.")
        }
        let isPlain =
            parts.count <= 16 && name.utf8.count <= 1024
            && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0.utf8.count <= 255 }
            && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard isPlain else {
            throw TenonError(
                .packageBadPath,
                "The package holds the path \(quoted(name)), which has empty parts, \".\", controls, or is too long."
            )
        }
    }

    private static func checkKind(_ entry: PackageEntry) throws(TenonError) {
        switch Int32(bitPattern: entry.mode & UInt32(S_IFMT)) {
        case Int32(S_IFLNK):
            throw TenonError(
                .packageLink, "\(quoted(entry.name)) is a link. A package holds files and folders only.")
        case Int32(S_IFREG), Int32(S_IFDIR):
            // `sqlite3 -A` marks links by this size.
            if entry.byteCount < 0 {
                throw TenonError(
                    .packageLink, "\(quoted(entry.name)) is a link. A package holds files and folders only.")
            }
        default:
            throw TenonError(
                .packageSpecialFile,
                "\(quoted(entry.name)) is neither a file nor a folder. A package holds files and folders only."
            )
        }
    }

    /// The name, with what could confuse a terminal escaped.
    static func quoted(_ name: String) -> String {
        "\"" + name.unicodeScalars.prefix(200).map { $0.escaped(asASCII: false) }.joined() + "\""
    }
}
