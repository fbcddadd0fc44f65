namespace AccessLog;

/// <summary>One request in the log of a web server.</summary>
public sealed record AccessLogEntry
{
    /// <summary>The client's address or host name.</summary>
    public required Utf8Text Address { get; init; }

    /// <summary>The time of the request.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The method; <c>-</c> if the client did not send an HTTP request.</summary>
    public required string Method { get; init; }

    /// <summary>The path and query; everything that the client sent if it did not send an HTTP request.</summary>
    public required Utf8Text Path { get; init; }

    /// <summary>The status of the response.</summary>
    public required int Status { get; init; }

    /// <summary>The bytes of the response's body; 0 for a dash in the log.</summary>
    public required long Bytes { get; init; }

    /// <summary>The referring page; <c>-</c> if unknown.</summary>
    public required Utf8Text Referrer { get; init; }

    /// <summary>The client's program; <c>-</c> if unknown.</summary>
    public required Utf8Text UserAgent { get; init; }
}
