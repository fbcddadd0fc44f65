namespace Orleans.Pipeline.Gateway.Settings;

internal static class LimitFaults
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinimumGrace = TimeSpan.FromSeconds(1);

    /// <summary>Returns each fault as a sentence that begins with its key.</summary>
#pragma warning disable MA0051 // One limit after another: a table in the shape of a method.
    public static IEnumerable<string> Of(GatewayLimits limits)
#pragma warning restore MA0051
    {
        foreach (var (key, bytes) in new[]
        {
            (nameof(limits.RecordBytes), limits.RecordBytes),
            (nameof(limits.BatchBytes), limits.BatchBytes),
            (nameof(limits.DecompressedBytes), limits.DecompressedBytes),
            (nameof(limits.UploadBufferBytes), limits.UploadBufferBytes),
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
            yield return $"{Key(nameof(limits.RequestBytes))} is {limits.RequestBytes}; a request must be able to hold a batch of "
                + $"{nameof(limits.BatchBytes)}, which is {limits.BatchBytes}.";
        }

        if (limits.BodyBytesInFlight < limits.RequestBytes)
        {
            yield return $"{Key(nameof(limits.BodyBytesInFlight))} is {limits.BodyBytesInFlight}; there must be room for one request of "
                + $"{nameof(limits.RequestBytes)}, which is {limits.RequestBytes}.";
        }

        foreach (var (key, number) in new[]
        {
            (nameof(limits.RequestsInFlight), limits.RequestsInFlight),
            (nameof(limits.WaitsInFlight), limits.WaitsInFlight),
            (nameof(limits.Connections), limits.Connections),
            (nameof(limits.RequestLineBytes), limits.RequestLineBytes),
            (nameof(limits.RequestHeaders), limits.RequestHeaders),
            (nameof(limits.RequestHeaderBytes), limits.RequestHeaderBytes),
        })
        {
            if (number < 1)
            {
                yield return $"{Key(key)} is {number}; give 1 or more.";
            }
        }

        foreach (var (key, number) in new[]
        {
            (nameof(limits.RecordHeaders), limits.RecordHeaders),
            (nameof(limits.RequestsPerSecond), limits.RequestsPerSecond),
            (nameof(limits.RequestBurst), limits.RequestBurst),
            (nameof(limits.RequestBytesPerSecond), limits.RequestBytesPerSecond),
            (nameof(limits.ResponseBytesPerSecond), limits.ResponseBytesPerSecond),
        })
        {
            if (number < 0)
            {
                yield return $"{Key(key)} is {number}; give 0 or more.";
            }
        }

        foreach (var (key, time) in new[]
        {
            (nameof(limits.HeadersTimeout), limits.HeadersTimeout),
            (nameof(limits.KeepAliveTimeout), limits.KeepAliveTimeout),
            (nameof(limits.UploadLineTimeout), limits.UploadLineTimeout),
        })
        {
            if (time <= TimeSpan.Zero)
            {
                yield return $"{Key(key)} is {time}; give a positive time.";
            }
        }

        if (limits.RateGrace <= MinimumGrace)
        {
            yield return $"{Key(nameof(limits.RateGrace))} is {limits.RateGrace}; give more than {MinimumGrace}, which is how often "
                + $"Kestrel looks.";
        }

        if (limits.TailHeartbeat <= TimeSpan.Zero || limits.TailHeartbeat > MaximumWait)
        {
            yield return $"{Key(nameof(limits.TailHeartbeat))} is {limits.TailHeartbeat}; give more than 0, up to 1 hour.";
        }

        if (limits.UploadLinger < TimeSpan.Zero)
        {
            yield return $"{Key(nameof(limits.UploadLinger))} is {limits.UploadLinger}; give 0 or more.";
        }

        if (limits.UploadWait < TimeSpan.Zero)
        {
            yield return $"{Key(nameof(limits.UploadWait))} is {limits.UploadWait}; give 0 or more.";
        }

        if (limits.Wait < TimeSpan.Zero || limits.Wait > MaximumWait)
        {
            yield return $"{Key(nameof(limits.Wait))} is {limits.Wait}; give 0 to 1 hour.";
        }
    }

    private static string Key(string name) => $"{GatewaySettings.Section}:{nameof(GatewaySettings.Limits)}:{name}";
}
