internal import TenonAPI
internal import TenonJSON
internal import TenonModel

extension Route {
    static let secrets: [Route] = [
        Route(.setSecret) { call, host in
            let value = try call.secretValue()
            return call.answer(try host.setSecret(call.name, project: ProjectID(call.id), value: value))
        },
        Route(.listSecrets) { call, host in
            try call.page(of: try host.secrets(project: ProjectID(call.id)))
        },
        Route(.removeSecret) { call, host in
            try host.removeSecret(call.name, project: ProjectID(call.id))
            return Answer(status: 204, body: nil)
        },
    ]
}

extension Call {
    /// The value of a secret; no message repeats any of it.
    fileprivate func secretValue() throws(TenonError) -> String {
        guard let value = try members()["value"]?.string else {
            throw TenonError(
                .wrongBody, "The value of a secret is text.",
                fields: [FieldError(pointer: "/value", message: "must be a string")])
        }
        return value
    }
}
