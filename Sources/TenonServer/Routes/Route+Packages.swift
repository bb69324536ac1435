internal import TenonAPI
internal import TenonModel

extension Route {
    static let packages: [Route] = [
        Route(.uploadPackage) { call, host in
            guard let path = call.uploadPath else {
                throw TenonError(.wrongBody, "The request has no file; send the bytes of a .tenon package.")
            }
            var options = PackageUploadOptions()
            options.allowUnsigned = try call.flag("allowUnsigned")
            options.inHost = try call.flag("inHost")
            options.allowDowngrade = try call.flag("allowDowngrade")
            return call.answer(try host.installPackage(at: path, options: options))
        },
        Route(.listPackages) { call, host in try call.page(of: try host.packages()) },
        Route(.getPackage) { call, host in
            call.answer(try host.package(call.id, version: call.text("version")))
        },
        Route(.removePackage) { call, host in
            guard let version = call.text("version") else {
                throw TenonError(.badParameter, "Say which version to remove: ?version=1.0.0.")
            }
            try host.removePackage(call.id, version: version)
            return Answer(status: 204, body: nil)
        },
    ]
}
