extension Endpoint {
    package static let uploadPackage = Endpoint(
        "uploadPackage", .post, "/packages", "Install a connector package from its .tenon file.",
        shape: Shape(
            body: .file(mediaType: "application/vnd.sqlite3"), answer: .object("package", status: 201),
            query: [
                .init("allowUnsigned", .boolean, "Accept a package without signature."),
                .init("inHost", .boolean, "Allow this package to run inside the host process."),
                .init("allowDowngrade", .boolean, "Accept a version older than the newest installed."),
            ]))
    package static let listPackages = Endpoint(
        "listPackages", .get, "/packages", "List installed packages.",
        shape: Shape(answer: .list("packages"), query: .page))
    package static let getPackage = Endpoint(
        "getPackage", .get, "/packages/:id", "Get an installed package by its name.",
        shape: Shape(
            answer: .object("package"),
            query: [.init("version", .string, "That version; the newest where left out.")]))
    package static let removePackage = Endpoint(
        "removePackage", .delete, "/packages/:id", "Remove a version of a package that no instance uses.",
        shape: Shape(answer: .none, query: [.init("version", .string, "The version, required.")]))

    static let packages = [uploadPackage, listPackages, getPackage, removePackage]
}
