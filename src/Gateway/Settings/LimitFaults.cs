namespace Orleans.Pipeline.Gateway.Settings;

/// <summary>What is wrong with limits.</summary>
internal static class LimitFaults
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Each fault, beginning with its key.</summary>
    public static IEnumerable<string> Of(GatewayLimits limits)
    {
        foreach (var (key, bytes) in new[]
        {
            (nameof(limits.RecordBytes), limits.RecordBytes),
            (nameof(limits.BatchBytes), limits.BatchBytes),
            (nameof(limits.DecompressedBytes), limits.DecompressedBytes),
            (nameof(limits.ReadBytes), limits.ReadBytes),
        })
        {
            if (bytes < 1)
            {
                yield return $"{Key(key)} is {bytes}; give a positive number of bytes.";
            }
        }

        if (limits.RequestBytes < limits.BatchBytes)
        {
            yield return $"{Key(nameof(limits.RequestBytes))} is {limits.RequestBytes}; a request must be able to hold a batch of {nameof(limits.BatchBytes)}, which is {limits.BatchBytes}.";
        }

        if (limits.RecordHeaders < 0)
        {
            yield return $"{Key(nameof(limits.RecordHeaders))} is {limits.RecordHeaders}; give 0 or more.";
        }

        if (limits.Wait < TimeSpan.Zero || limits.Wait > LongestWait)
        {
            yield return $"{Key(nameof(limits.Wait))} is {limits.Wait}; give 0 to 1 hour.";
        }
    }

    private static string Key(string name) => $"{GatewaySettings.Section}:{nameof(GatewaySettings.Limits)}:{name}";
}
