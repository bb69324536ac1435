internal import Foundation
@testable internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonSchema

extension FuzzTarget {
    /// A manifest that is accepted is read back as it was, names nothing outside of its package, and answers for
    /// any input of its actions.
    static let manifest = FuzzTarget(
        name: "manifest",
        seeds: [
            String(decoding: FuzzPackage.manifest, as: UTF8.self),
            #"{"name": "b-c.d", "version": "0.1.0-a.1+b", "title": "B", "type": "bidirectional", "runtime": "tenon","#
                + #" "abi": "1.3", "libraries": {"linux-x86_64": "lib/x/b.so", "linux-aarch64": "lib/y.so"},"#
                + ##" "configSchema": {"$ref": "#/$defs/x", "$defs": {"x": true}}, "concurrency": 64, "isolation":"##
                + #" "host", "commit": "exactlyOnce", "accepts": ["decimal128(38,2)", "utf8", "late"], "capabilities":"#
                + #" ["tenon.instance/1", "tenon.source/1"], "streams": [{"name": "s"}], "x-own": [1]}"#,
        ]
    ) { bytes in
        guard let manifest = try? Manifest.parse(bytes) else { return }
        guard let again = try? Manifest.parse(Array(manifest.json.text.utf8)), again.json == manifest.json,
            again.name == manifest.name, again.version == manifest.version,
            again.libraries == manifest.libraries, again.actions.map(\.name) == manifest.actions.map(\.name)
        else { broken("a manifest is read back as it was") }
        for path in manifest.libraries.values {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            if parts.first != "lib" || parts.contains("..") || parts.contains("") {
                broken("a library lies in its package: \(path)")
            }
        }
        for input in [JSON.null, [:], ["key": "a", "method": "GET", "n": 1.5], [[], ["a"]]] as [JSON] {
            _ = manifest.configuration.problems(in: input)
            for action in manifest.actions {
                if action.effect(input: input) != action.effect(input: input) { broken("effects are stable") }
                _ = try? action.check(input: input)
                _ = try? action.check(output: input)
            }
        }
    }

    /// An archive of a stranger is refused, or is listed and unpacked into its folder as it says, nothing more;
    /// packed again it is the same.
    static let package = FuzzTarget(name: "package", seeds: [], madeSeeds: FuzzPackage.seeds) { bytes in
        var reader = ByteReader(bytes)
        let path = "\(FuzzFolder.path)/p.tenon"
        if reader.byte() % 2 == 0 {
            _ = FuzzFolder.write(reader.rest, as: "p.tenon")
        } else {
            unlink(path)
            FuzzPackage.write(&reader, to: path)
        }
        let inspection = try? PackageArchive.inspect(path: path)
        guard let archive = try? SQLArchive(path: path) else {
            if inspection != nil { broken("what is inspected is an archive") }
            return
        }
        FuzzPackage.checkNames(archive.entries)
        let folder = "\(FuzzFolder.path)/unpacked"
        mkdir(folder, 0o700)
        defer { FolderTree.remove(folder) }
        let isUnpacked = (try? PackageArchive.unpack(archive, into: folder)) != nil
        FuzzPackage.check(folder, archive, isWhole: isUnpacked)
        guard isUnpacked, inspection != nil else { return }
        FuzzPackage.checkPacking(of: folder, archive)
    }
}
