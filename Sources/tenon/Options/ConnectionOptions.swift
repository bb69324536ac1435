internal import ArgumentParser
internal import Foundation
internal import TenonClient
internal import TenonServer

/// Which host a command talks to, and how it prints.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "The host's address; also TENON_URL. Left out: the host of the data directory.")
    var url: String?
    @Option(help: "The host's data directory, where its admin.token is found; also TENON_DATA.")
    var data: String?
    @Flag(help: "Print the API's body.")
    var json = false

    var client: TenonClient {
        let directory = DataDirectoryPath.resolve(data)
        let environment = ProcessInfo.processInfo.environment
        let address =
            url ?? environment["TENON_URL"] ?? HostAddressFile.read(dataDirectory: directory)
            ?? "http://127.0.0.1:8080"
        let token = environment["TENON_TOKEN"] ?? AdminToken.read(dataDirectory: directory)
        return TenonClient(url: address, token: token)
    }
}

enum DataDirectoryPath {
    /// The option, else TENON_DATA, else `~/.tenon`.
    static func resolve(_ option: String?) -> String {
        let environment = ProcessInfo.processInfo.environment
        let path = option ?? environment["TENON_DATA"] ?? (environment["HOME"] ?? ".") + "/.tenon"
        return URL(fileURLWithPath: path).standardizedFileURL.path
    }
}

/// Where the host of a data directory listens, so that commands on the same machine find it.
enum HostAddressFile {
    private static func path(_ dataDirectory: String) -> String { dataDirectory + "/run/host.url" }

    static func read(dataDirectory: String) -> String? {
        FileManager.default.contents(atPath: path(dataDirectory)).map { String(decoding: $0, as: UTF8.self) }
    }

    static func write(_ url: String, dataDirectory: String) {
        // Without the file commands need --url; the host itself works.
        try? FileManager.default.createDirectory(
            atPath: dataDirectory + "/run", withIntermediateDirectories: true)
        try? Data(url.utf8).write(to: URL(fileURLWithPath: path(dataDirectory)), options: .atomic)
    }

    static func remove(dataDirectory: String) {
        // A file that stays only points to a host that does not answer.
        try? FileManager.default.removeItem(atPath: path(dataDirectory))
    }
}
