package import TenonVersion
package import TenonJSON
package import TenonModel
internal import TenonStore

/// An installed package.
package struct PackageRecord: Sendable {
    package var digest: Digest
    package var manifest: Manifest
    /// The library for this machine, in the store.
    package var libraryPath: String
    package var libraryDigest: Digest
    package var byteCount: Int64
    /// nil: nobody signed it, an administrator allowed that.
    package var signer: String?
    package var mayRunInHost: Bool
    package var installedAt: Timestamp
    package var installedBy: String

    package var name: String { manifest.name }
    package var version: SemanticVersion { manifest.version }

    init(_ row: PackageRow, mayRunInHost: Bool) throws(TenonError) {
        digest = row.digest
        manifest = try Manifest.parse(Array(row.manifest.utf8))
        libraryPath = row.libraryPath
        libraryDigest = row.libraryDigest
        byteCount = row.byteCount
        signer = row.signer
        self.mayRunInHost = mayRunInHost
        installedAt = row.installedAt
        installedBy = row.installedBy
    }

    package var json: JSON {
        [
            "name": .string(name), "version": .string(version.description), "title": .string(manifest.title),
            "description": .string(manifest.description), "type": .string(manifest.type.rawValue),
            "runtime": .string(manifest.runtime), "abi": .string(manifest.abi),
            "capabilities": .array(manifest.capabilities.map(JSON.string)),
            "digest": .string(digest.rawValue),
            "libraryDigest": .string(libraryDigest.rawValue), "size": .int(byteCount),
            "signed": .bool(signer != nil), "signer": signer.map(JSON.string) ?? .null,
            "inHost": .bool(mayRunInHost), "installedAt": .string(installedAt.iso8601),
            "installedBy": .string(installedBy),
        ]
    }
}
