internal import TenonModel

/// Pauses between attempts.
enum Backoff {
    /// Grows by the policy's factor, varies by its jitter (always the same for the same seed and attempt),
    /// and is at least what the connector asked for.
    static func pause(
        _ policy: RetryPolicy, afterAttempt attempt: Int, _ failure: CallFailure, seed: String
    ) -> Duration {
        var milliseconds = Double(policy.initialDelay.wholeMicroseconds) / 1000
        let limit = Double(policy.maxDelay.wholeMicroseconds) / 1000
        for _ in 1..<max(attempt, 1) where milliseconds < limit { milliseconds *= policy.factor }
        milliseconds = min(milliseconds, limit)
        milliseconds *= 1 - policy.jitter * fraction("\(seed)/\(attempt)")
        let wish = Duration.milliseconds(Int64(clamping: failure.retryAfterMilliseconds))
        return max(.microseconds(Int64(milliseconds * 1000)), min(wish, Limits.longestRetryAfter))
    }

    /// A number from 0 to below 1 that looks random: FNV-1a, then the finaliser of SplitMix64.
    private static func fraction(_ seed: String) -> Double {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in seed.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((hash ^ (hash >> 31)) >> 11) / Double(1 << 53)
    }
}
