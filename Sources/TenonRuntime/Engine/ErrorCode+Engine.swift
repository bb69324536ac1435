package import TenonModel

extension ErrorCode {
    package static let stepOutputTooLarge = ErrorCode("step.output-too-large", 422)
}
