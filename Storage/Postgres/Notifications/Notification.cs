using System.Globalization;

namespace Orleans.Pipeline.Storage.Postgres.Notifications;

/// <summary>The payload of a notification: <c>partition id:end offset</c>, in decimal.</summary>
internal static class Notification
{
    public static string Write(int partition, long end) => string.Create(CultureInfo.InvariantCulture, $"{partition}:{end}");

    public static bool TryRead(string payload, out int partition, out long end)
    {
        var colon = payload.IndexOf(':', StringComparison.Ordinal);
        end = 0;
        return int.TryParse(payload.AsSpan(0, Math.Max(colon, 0)), CultureInfo.InvariantCulture, out partition)
            && long.TryParse(payload.AsSpan(colon + 1), CultureInfo.InvariantCulture, out end);
    }
}
