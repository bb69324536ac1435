/// Whoever reads or builds batches works with Arrow's C structs, so this module hands them on.
@_exported public import CTenon
